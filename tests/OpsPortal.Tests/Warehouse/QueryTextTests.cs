using OpsPortal.Core.Warehouse;

namespace OpsPortal.Tests.Warehouse;

/// <summary>The first wall alone.</summary>
public sealed class QueryTextTests
{
    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("  select 1 ;  ")]
    [InlineData("-- a remark\nSELECT 1 -- another; DROP TABLE x")]
    [InlineData("-- a remark\r\nSELECT\r1 -- another\r\n")]
    [InlineData("/* DELETE; */ SELECT 'it''s; fine -- really' AS \"a;\"\"b\"")]
    [InlineData("WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT * FROM b")]
    [InlineData("((SELECT 1) UNION ALL (SELECT 2)) ORDER BY 1")]
    [InlineData("VALUES (1, 'a'), (2, 'b')")]
    [InlineData("SELECT CAST('1' AS INTEGER), '2'::int, 1.5e-3, .5, 0x1F FROM trains t WHERE t.\"update\" <> 1 AND t.line = 'x'")]
    [InlineData("SELECT replace(name, 'a', 'b'), left(name, 2), pg_typeof(name), \"delete\" FROM trains")]
    [InlineData("SELECT größe FROM züge")]
    [InlineData("SELECT minute, late, set_at, updated, inserted_by FROM t WHERE comment = 'x' AND show > 1")]
    public void A_query_is_taken(string text) => Assert.NotNull(QueryText.Read(text).Text);

    [Theory]
    [Trait("Fault", "BAD-22")]
    [Trait("Fault", "BAD-23")]
    [Trait("Fault", "BAD-24")]
    [Trait("Fault", "BAD-26")]
    [Trait("Fault", "BAD-27")]
    [Trait("Fault", "BAD-30")]
    [Trait("Fault", "SEC-26")]
    // Acts.
    [InlineData("DROP TABLE x", "begin with SELECT")]
    [InlineData("INSERT INTO t VALUES (1)", "begin with SELECT")]
    [InlineData("UPDATE t SET a = 1", "begin with SELECT")]
    [InlineData("CREATE TABLE t AS SELECT 1", "begin with SELECT")]
    [InlineData("UNLOAD ('SELECT 1') TO 's3://x'", "begin with SELECT")]
    [InlineData("COPY t FROM 's3://x'", "begin with SELECT")]
    [InlineData("GRANT ALL ON t TO PUBLIC", "begin with SELECT")]
    [InlineData("CALL proc()", "begin with SELECT")]
    [InlineData("SET ROLE admin", "begin with SELECT")]
    [InlineData("SET SESSION AUTHORIZATION admin", "begin with SELECT")]
    [InlineData("RESET ALL", "begin with SELECT")]
    [InlineData("SET statement_timeout = 0", "begin with SELECT")]
    [InlineData("SET query_group = 'vip'", "begin with SELECT")]
    [InlineData("BEGIN", "begin with SELECT")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM t", "begin with SELECT")]
    [InlineData("ATTACH DATABASE 'x' AS y", "begin with SELECT")]
    [InlineData("PRAGMA writable_schema = 1", "begin with SELECT")]
    [InlineData("VACUUM INTO 'x'", "begin with SELECT")]
    [InlineData("DO $$ BEGIN END $$", "begin with SELECT")]
    [InlineData("(DELETE FROM t)", "begin with SELECT")]
    [InlineData("(((", "not closed")]
    [InlineData("", "no query")]
    [InlineData(" ; ; ", "no query")]
    [InlineData("-- nothing", "no query")]
    // Acts inside what begins like a query.
    [InlineData("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "DELETE has no place")]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", "INSERT has no place")]
    [InlineData("SELECT * INTO t FROM trains", "INTO has no place")]
    [InlineData("SELECT * FROM trains FOR UPDATE", "UPDATE has no place")]
    [InlineData("WITH x AS (uPdAtE t SET a = 1 RETURNING *) SELECT 1", "UPDATE has no place")]
    // More than one.
    [InlineData("SELECT 1; DROP TABLE x", "One statement")]
    [InlineData("SELECT 1; SELECT 2", "One statement")]
    [InlineData("SELECT 1;; SELECT 2", "One statement")]
    [InlineData("SELECT ';' ; /* */ DELETE FROM t", "One statement")]
    // What servers read differently.
    [InlineData("SELECT 'a' -- \nFROM t; x", "One statement")]
    [InlineData("SELECT 1 --\r'\n; SELECT 2 --'", "carriage return")]
    [InlineData("SELECT 1 -- x\r", "carriage return")]
    [InlineData("SELECT /* a /* b */ 1 */ 2", "comment inside a comment")]
    [InlineData("SELECT 1 /* open", "does not end")]
    [InlineData("SELECT 'open", "no closing quote")]
    [InlineData("SELECT \"open", "no closing quote")]
    [InlineData("SELECT $$text; DROP TABLE x$$", "dollar sign")]
    [InlineData("SELECT E'a\\'; DROP TABLE x --'", "begin with E")]
    [InlineData("SELECT U&'d\\0061t\\+000061'", "begin with U&")]
    [InlineData("SELECT x'41'", "begin with x")]
    [InlineData("SELECT 1 \\; DROP TABLE x", "backslash")]
    [InlineData("SELECT `a`", "double quotes")]
    [InlineData("SELECT [a]", "double quotes")]
    [InlineData("SELECT ‘a’", "U+2018")]
    [InlineData("SELECT 1； DROP TABLE x", "U+FF1B")]
    [InlineData("SELECT\u00a01", "U+00A0")]
    [InlineData("SELECT\u200b1", "U+200B")]
    [InlineData("SELECT '\u0000'", "U+0000")]
    [InlineData("SELECT 1 /* \u0000 */", "U+0000")]
    [InlineData("SELECT 1 -- \u0000 x", "U+0000")]
    [InlineData("SELECT \u202e1", "U+202E")]
    [InlineData("SELECT ?", "parameters are written")]
    [InlineData("SELECT @a", "parameters are written")]
    [InlineData("SELECT $1", "dollar sign")]
    [InlineData("SELECT :", "parameter's name")]
    [InlineData("SELECT {a}", "no place")]
    // Functions.
    [InlineData("SELECT pg_sleep(10)", "pg_sleep is named like")]
    [InlineData("SELECT PG_SLEEP (10)", "PG_SLEEP is named like")]
    [InlineData("SELECT pg_catalog.pg_sleep(10)", "pg_catalog is named like")]
    [InlineData("SELECT pg_catalog.\"pg_sleep\"(10)", "pg_catalog is named like")]
    [InlineData("SELECT pg_sleep/* */(10)", "pg_sleep is named like")]
    [InlineData("SELECT set_config('app_context.operator', 'boss', false)", "function set_config")]
    [InlineData("SELECT \"set_config\"('a', 'b', false)", "function set_config")]
    [InlineData("SELECT pg_read_file('/etc/passwd')", "pg_read_file is named like")]
    [InlineData("SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)", "function dblink")]
    [InlineData("SELECT lo_import('/etc/passwd')", "function lo_import")]
    [InlineData("SELECT query_to_xml('DELETE FROM t', true, true, '')", "function query_to_xml")]
    [InlineData("SELECT ts_rewrite('a'::tsquery, 'SELECT query, query FROM pg_stat_activity')", "function ts_rewrite")]
    [InlineData("SELECT * FROM ts_stat('SELECT to_tsvector(query) FROM pg_stat_activity')", "function ts_stat")]
    [InlineData("SELECT * FROM crosstab2('SELECT 1')", "function crosstab2")]
    [InlineData("SELECT inet_server_addr()", "function inet_server_addr")]
    [InlineData("SELECT sqlite_compileoption_get(1)", "function sqlite_compileoption_get")]
    [InlineData("SELECT nextval('s')", "function nextval")]
    [InlineData("SELECT load_extension('x')", "function load_extension")]
    [InlineData("SELECT pg_terminate_backend(1)", "pg_terminate_backend is named like")]
    // Catalogues.
    [InlineData("SELECT query FROM pg_stat_activity", "pg_stat_activity is named like")]
    [InlineData("SELECT relname, reltuples FROM \"pg_class\"", "pg_class is named like")]
    [InlineData("SELECT * FROM PG_Catalog.\"pg_class\"", "PG_Catalog is named like")]
    [InlineData("SELECT (SELECT MAX(reltuples) FROM pg_class) FROM trains", "pg_class is named like")]
    [InlineData("SELECT * FROM information_schema.tables", "information_schema is named like")]
    [InlineData("SELECT querytxt FROM stl_query", "stl_query is named like")]
    [InlineData("SELECT text FROM stv_inflight", "stv_inflight is named like")]
    [InlineData("SELECT tbl_rows FROM SVV_TABLE_INFO", "SVV_TABLE_INFO is named like")]
    [InlineData("SELECT query_text FROM sys_query_history", "sys_query_history is named like")]
    [InlineData("SELECT * FROM svl_qlog, svcs_query_summary", "svl_qlog is named like")]
    // Brackets.
    [InlineData("SELECT (1", "not closed")]
    [InlineData("SELECT 1)", "closes nothing")]
    public void Anything_else_is_refused_with_its_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<QueryRefusedException>(() => QueryText.Read(text)).Message);

    [Fact]
    public void A_refusal_says_where()
    {
        Assert.Equal(8, Assert.Throws<QueryRefusedException>(() => QueryText.Read("SELECT 1; DROP TABLE x")).Position);
        Assert.Equal(11, Assert.Throws<QueryRefusedException>(() => QueryText.Read("WITH x AS (DELETE FROM t) SELECT 1")).Position);
        Assert.Equal(7, Assert.Throws<QueryRefusedException>(() => QueryText.Read("SELECT pg_sleep(1)")).Position);
        Assert.Equal(12, Assert.Throws<QueryRefusedException>(() => QueryText.Read("SELECT 1 /* \0 */")).Position);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused() =>
        Assert.Contains("100,000", Assert.Throws<QueryRefusedException>(() => QueryText.Read("SELECT " + new string('1', QueryText.Longest))).Message);

    [Theory]
    [InlineData("WITH a0 AS (SELECT 1 AS x){0} SELECT * FROM a40", ", a{1} AS (SELECT p.x FROM a{0} p, a{0} q)")]
    [InlineData("WITH a0(x) AS (SELECT 1){0} SELECT * FROM a40", ", \"A{1}\" (x) AS NOT MATERIALIZED (SELECT p.x FROM (a{0} p CROSS JOIN 'a{0}' AS materialized))")]
    [InlineData("WITH a0 AS (SELECT 1 AS x){0} SELECT 1 FROM trains WINDOW w AS (ORDER BY (SELECT x FROM a40))", ", a{1} AS (SELECT 1 AS x FROM trains WHERE 1 IN a{0} WINDOW w AS (ORDER BY (SELECT x FROM a{0})))")]
    public void Parts_of_a_WITH_that_double_at_every_step_are_refused(string text, string part)
    {
        string With(IEnumerable<int> steps) => string.Format(text, string.Concat(steps.Select(i => string.Format(part, i, i + 1))));

        Assert.Contains("more than 200,000 words", Assert.Throws<QueryRefusedException>(() => QueryText.Read(With(Enumerable.Range(0, 40)))).Message);
        // SQLite takes them in any order.
        Assert.Contains("more than 200,000 words", Assert.Throws<QueryRefusedException>(() => QueryText.Read(With(Enumerable.Range(0, 40).Reverse()))).Message);
        Assert.NotNull(QueryText.Read(With(Enumerable.Range(0, 8))).Text);
    }

    [Fact]
    public void Brackets_many_thousands_deep_are_refused() =>
        Assert.Contains("brackets are open", Assert.Throws<QueryRefusedException>(() => QueryText.Read($"SELECT * FROM {string.Concat(Enumerable.Repeat("(SELECT * FROM ", 5_000))}trains{new string(')', 5_000)}")).Message);

    [Fact]
    public void Parts_of_one_name_inside_each_other_that_double_are_refused()
    {
        var text = "SELECT 1 AS x";
        foreach (var _ in Enumerable.Range(0, 40))
        {
            text = $"WITH a AS ({text}) SELECT p.x FROM a p, a q";
        }

        Assert.Contains("more than 200,000 words", Assert.Throws<QueryRefusedException>(() => QueryText.Read(text)).Message);
    }

    [Fact]
    public void Parts_that_rest_on_each_other_without_end_are_refused_and_a_recursion_is_not()
    {
        static string Chain(IEnumerable<int> steps) => $"WITH a0 AS (SELECT 1 AS x){string.Concat(steps.Select(i => $", a{i + 1} AS (SELECT x FROM a{i})"))} SELECT * FROM a50";

        Assert.Contains("100 deep", Assert.Throws<QueryRefusedException>(() => QueryText.Read(Chain(Enumerable.Range(0, 2_000)))).Message);
        Assert.Contains("100 deep", Assert.Throws<QueryRefusedException>(() => QueryText.Read(Chain(Enumerable.Range(0, 2_000).Reverse()))).Message);
        Assert.NotNull(QueryText.Read(Chain(Enumerable.Range(0, 50))).Text);
        Assert.NotNull(QueryText.Read("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT n.i + m.i FROM n, n m), late AS (SELECT i, i AS late FROM n) SELECT late, late.i FROM late JOIN n ON n.i = late.i, late x").Text);
    }

    [Fact]
    public void Parameters_are_found_where_they_are_and_nowhere_else()
    {
        var text = QueryText.Read("SELECT ':no', \":no\", a::text, :one -- :no\n, :two /* :no */ WHERE b = :one");

        Assert.Equal(["one", "two"], text.Parameters);
        Assert.Equal("SELECT ':no', \":no\", a::text, $1 -- :no\n, $2 /* :no */ WHERE b = $1", text.WithNumbers());
    }

    [Fact]
    public void A_place_the_server_names_is_found_in_the_text_as_written()
    {
        const string Text = "SELECT :aLongName, :b, wrong, :aLongName FROM t";
        var text = QueryText.Read(Text);
        var numbered = text.WithNumbers();

        Assert.Equal("SELECT $1, $2, wrong, $1 FROM t", numbered);
        Assert.Equal(Text.IndexOf("wrong", StringComparison.Ordinal), text.PlaceOf(numbered.IndexOf("wrong", StringComparison.Ordinal)));
        Assert.Equal(Text.IndexOf("FROM", StringComparison.Ordinal), text.PlaceOf(numbered.IndexOf("FROM", StringComparison.Ordinal)));
        Assert.Equal(Text.IndexOf(":b", StringComparison.Ordinal), text.PlaceOf(numbered.IndexOf("$2", StringComparison.Ordinal)));
        Assert.Equal(0, text.PlaceOf(0));
    }

    [Fact]
    [Trait("Fault", "BAD-29")]
    public void Values_nobody_asks_for_and_values_of_no_kind_are_refused()
    {
        var text = QueryText.Read("SELECT :a");

        Assert.Contains(":b", Assert.Throws<QueryRefusedException>(() => text.CheckValues(new Dictionary<string, object?> { ["a"] = 1L, ["b"] = 1L })).Message);
        Assert.Contains(":a", Assert.Throws<QueryRefusedException>(() => text.CheckValues(new Dictionary<string, object?> { ["a"] = new[] { 1 } })).Message);
        text.CheckValues(new Dictionary<string, object?> { ["a"] = null });
    }
}
