using Microsoft.Data.Sqlite;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Warehouse;

/// <summary>The second and third wall of the embedded warehouse: the connection itself, asked without anybody having looked at the text.</summary>
[Trait("Fault", "SEC-26")]
public sealed class EmbeddedWallsTests : IAsyncLifetime
{
    private readonly EmbeddedHouse _house = new();

    private string Path => _house.Get<EmbeddedFiles>().Warehouse.Path;

    public async Task InitializeAsync()
    {
        await _house.Get<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), 1), Samples.State(Samples.Crofton(), 2)], default);
        await _house.Get<WarehouseFilling>().FillAsync(default);
    }

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Theory]
    [Trait("Fault", "BAD-22")]
    [Trait("Fault", "BAD-25")]
    [Trait("Fault", "BAD-30")]
    [InlineData("DELETE FROM trains")]
    [InlineData("INSERT INTO trains SELECT * FROM trains")]
    [InlineData("UPDATE trains SET depot = 'x'")]
    [InlineData("DROP VIEW trains")]
    [InlineData("CREATE TABLE t (a)")]
    [InlineData("CREATE TEMP TABLE t (a)")]
    [InlineData("CREATE TEMP TRIGGER t INSTEAD OF INSERT ON trains BEGIN SELECT 1; END")]
    [InlineData("ATTACH DATABASE '/tmp/evil.db' AS evil")]
    [InlineData("ATTACH DATABASE ':memory:' AS evil")]
    [InlineData("DETACH DATABASE temp")]
    [InlineData("PRAGMA writable_schema = 1")]
    [InlineData("PRAGMA query_only = 0")]
    [InlineData("PRAGMA database_list")]
    [InlineData("VACUUM INTO '/tmp/evil.db'")]
    [InlineData("SELECT load_extension('/tmp/evil')")]
    [InlineData("SELECT readfile('/etc/passwd')")]
    [InlineData("SELECT writefile('/tmp/evil', 'x')")]
    [InlineData("SELECT * FROM sqlite_master")]
    [InlineData("SELECT * FROM temp.sqlite_master")]
    [InlineData("SELECT * FROM sqlite_temp_schema")]
    [InlineData("SELECT * FROM pragma_database_list")]
    [InlineData("SELECT * FROM scope_names")]
    [InlineData("DELETE FROM scope_names")]
    [InlineData("WITH trains AS (SELECT sql FROM sqlite_temp_master) SELECT * FROM trains")]
    [InlineData("WITH alerts AS (SELECT name FROM sqlite_master) SELECT * FROM alerts")]
    [InlineData("WITH trains AS (SELECT kind, name FROM scope_names) SELECT * FROM trains")]
    [InlineData("WITH trains AS (SELECT kind, name FROM temp.scope_names) SELECT * FROM trains")]
    [InlineData("WITH trains AS (SELECT * FROM filled) SELECT * FROM trains")]
    [InlineData("WITH trains AS (SELECT name FROM pragma_database_list) SELECT * FROM trains")]
    [InlineData("BEGIN IMMEDIATE; DELETE FROM temp.scope_names; COMMIT")]
    [InlineData("REINDEX")]
    [InlineData("ANALYZE")]
    public void Whatever_acts_or_looks_around_is_refused(string text)
    {
        using var connection = QueryConnection.Open(Path, Samples.OnlyLongsight("depot"));

        Assert.Throws<SqliteException>(() => Ask(connection, text));
        Assert.Equal(1L, Ask(connection, "SELECT COUNT(*) FROM trains"));
        Assert.False(File.Exists("/tmp/evil.db"));
    }

    [Theory]
    [Trait("Fault", "BAD-27")]
    [Trait("Fault", "BAD-30")]
    [InlineData("SELECT randomblob(1000000000)")]
    [InlineData("SELECT zeroblob(2000000000)")]
    [InlineData("SELECT length(replace(hex(zeroblob(9000000)), '00', 'aaaaaaaaaa'))")]
    public void A_value_made_to_fill_the_memory_is_refused(string text)
    {
        using var connection = QueryConnection.Open(Path, Samples.OnlyLongsight("depot"));

        Assert.Throws<SqliteException>(() => Ask(connection, text));
    }

    [Theory]
    [Trait("Fault", "BAD-27")]
    [InlineData("SELECT instr(printf('%.*c', 9900000, 'a'), printf('%.*c', 4900000, 'a') || 'b')", "instr is not taken")]
    [InlineData("SELECT length(replace(printf('%.*c', 9900000, 'a'), printf('%.*c', 4900000, 'a') || 'b', ''))", "replace is not taken")]
    [InlineData("SELECT 1 WHERE printf('%.*c', 9900000, 'a') LIKE printf('%.*c', 40000, '_') || 'b'", "too complex")]
    [InlineData("SELECT 1 WHERE printf('%.*c', 9900000, 'a') GLOB replace(printf('%.*c', 20000, '*'), '*', '*a')", "too complex")]
    [InlineData("SELECT json_patch('{}', '{}')", "json_patch")]
    public void One_call_that_would_take_hours_is_refused(string text, string words)
    {
        using var connection = QueryConnection.Open(Path, Samples.OnlyLongsight("depot"));

        Assert.Contains(words, Assert.Throws<SqliteException>(() => Ask(connection, text)).Message);
    }

    [Theory]
    [InlineData("instr('abcb', 'b')")]
    [InlineData("instr('größe–x', 'e')")]
    [InlineData("instr('🚆🚆b', 'b')")]
    [InlineData("instr('abc', '')")]
    [InlineData("instr('abc', 'abcd')")]
    [InlineData("instr(12.5, '.')")]
    [InlineData("instr(x'c3a4c3b6', x'b6')")]
    [InlineData("instr(x'c3a4c3b6', 'ö')")]
    [InlineData("instr(NULL, 'a')")]
    [InlineData("replace('abcabc', 'b', 'größer')")]
    [InlineData("replace('aaa', 'aa', 'b')")]
    [InlineData("replace('aaa', 'a', '')")]
    [InlineData("replace('aaa', '', 'b')")]
    [InlineData("replace(1.0, '.', ',')")]
    [InlineData("replace('abc', 'b', NULL)")]
    [InlineData("typeof(replace(x'6162', 'b', 'c'))")]
    [InlineData("typeof(replace(5, 'x', 'c'))")]
    [InlineData("trim('xxaxbxx', 'x')")]
    [InlineData("ltrim('🚆üa🚆', 'ü🚆')")]
    [InlineData("rtrim('🚆üa🚆ü', 'ü🚆')")]
    [InlineData("trim('aaa', 'a')")]
    [InlineData("trim('aaa', '')")]
    [InlineData("trim(1001, 1)")]
    [InlineData("trim('  a ')")]
    public void The_walls_own_functions_give_what_SQLites_give(string expression)
    {
        using var connection = QueryConnection.Open(Path, Samples.OnlyLongsight("depot"));
        using var plain = new SqliteConnection("Data Source=:memory:");
        plain.Open();

        Assert.Equal(Ask(plain, $"SELECT {expression}"), Ask(connection, $"SELECT {expression}"));
    }

    [Fact]
    [Trait("Fault", "BAD-27")]
    public void An_expression_nested_a_thousand_deep_is_refused()
    {
        using var connection = QueryConnection.Open(Path, Samples.OnlyLongsight("depot"));

        Assert.Throws<SqliteException>(() => Ask(connection, $"SELECT {new string('(', 1_000)}1{new string(')', 1_000)} + {string.Join('+', Enumerable.Repeat("1", 2_000))}"));
    }

    private static object? Ask(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        // Constants of this class.
#pragma warning disable CA2100
        command.CommandText = text;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
