using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Workbench;

/// <summary>Queries by the API, as scripts and the page use it.</summary>
public sealed class QueryTests
{
    private const string Many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i, 'row ' || i AS words FROM n";

    [Fact]
    public async Task A_query_runs_in_the_background_and_its_rows_are_read_with_their_types()
    {
        using var house = new WorkbenchHouse();
        await house.FillAsync();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());

        var (query, rows) = await caller.RunAsync(
            "SELECT train, grade, late, expected, measured_at FROM anomalies WHERE train = :train AND measured_at > :from",
            new { train = "390-042", from = new { type = "time", value = "2026-11-21T00:00:00Z" } });

        Assert.Equal(("succeeded", 1L, JsonValueKind.Null), (query.State(), query.GetProperty("rows").GetInt64(), query.GetProperty("cut").ValueKind));
        Assert.Equal(["text", "number", "boolean", "number", "time"], query.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("type").GetString()));
        Assert.Equal(["390-042|0.93|False||2026-11-21 20:00:00.000"], rows);
        Assert.NotEmpty(query.GetProperty("statementId").GetString()!);
    }

    [Fact]
    [Trait("Fault", "BAD-29")]
    public async Task What_is_no_query_is_refused_before_it_runs_with_reason_and_place()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());

        using var two = await caller.AskAsync("SELECT 1; DROP TABLE trains");
        using var unset = await caller.AskAsync("SELECT :train");
        using var odd = await caller.AskAsync("SELECT :a", new { a = new { type = "time", value = "soon" } });

        var refused = await two.JsonAsync();
        Assert.Equal((400, 8), ((int)two.StatusCode, refused.GetProperty("position").GetInt32()));
        Assert.StartsWith("One statement at a time", refused.GetProperty("reason").GetString());
        Assert.Equal(["The parameter :train has no value."], (await unset.ProblemAsync(400))["sql"]);
        Assert.Equal(["Must be a time, such as 2026-11-21T20:58:01Z."], (await odd.ProblemAsync(400))["parameters.a"]);
        Assert.DoesNotContain(house.Host.Audit.Entries, entry => entry.Act == "runQuery");
    }

    [Theory]
    [Trait("Fault", "BAD-29")]
    [InlineData("SELECT 1, :from::timestamp")]
    [InlineData("SELECT 1, :from(1)")]
    public async Task What_SQLite_takes_for_a_part_of_a_parameters_name_is_said_with_what_to_write(string sql)
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        using var asked = await caller.AskAsync(sql, new { from = "2026-11-21" });
        using var estimated = await caller.PostAsJsonAsync("/api/queries/estimate", new { sql, parameters = new { from = "2026-11-21" } });

        foreach (var refused in new[] { await asked.JsonAsync(), await estimated.JsonAsync() })
        {
            Assert.Equal((400, 10), (refused.GetProperty("status").GetInt32(), refused.GetProperty("position").GetInt32()));
            Assert.EndsWith("A type is written CAST(:from AS …).", refused.GetProperty("reason").GetString());
        }

        Assert.Equal(["2026|21"], (await caller.RunAsync("SELECT CAST(substr(:from, 1, 4) AS INTEGER), substr(:from, 9)", new { from = "2026-11-21" })).Rows);
    }

    [Theory]
    [Trait("Fault", "BAD-29")]
    [InlineData("""{"sql":"SELECT :a","parameters":{"a":"\ud800"}}""", "parameters.a")]
    [InlineData("""{"sql":"SELECT :a","parameters":{"a":{"type":"text","value":"x\udc00"}}}""", "parameters.a")]
    [InlineData("""{"sql":"SELECT :a","parameters":{"a":{"type":"number","value":"\ud800"}}}""", "parameters.a")]
    [InlineData("""{"sql":"SELECT :a","parameters":{"a":{"type":"\ud800","value":"1"}}}""", "parameters.a")]
    [InlineData("""{"sql":"SELECT :a","parameters":{"a":{"\ud800":"text","value":"1"}}}""", "parameters.a")]
    [InlineData("""{"sql":"SELECT '\ud800'"}""", null)]
    [InlineData("""{"sql":"SELECT 1","parameters":{"\ud800":1}}""", null)]
    public async Task Half_a_surrogate_pair_is_refused_wherever_it_stands(string body, string? field)
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        foreach (var path in new[] { "/api/queries", "/api/queries/estimate" })
        {
            using var answer = await caller.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

            var wrong = await answer.ProblemAsync(400);
            Assert.True(field is null || wrong.ContainsKey(field), string.Join(", ", wrong.Keys));
        }
    }

    [Fact]
    public async Task Every_query_is_audited_with_its_text_and_rows_and_what_cannot_be_audited_is_not_run()
    {
        using var house = new WorkbenchHouse();
        await house.FillAsync();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());

        var (query, _) = await caller.RunAsync("SELECT train FROM trains WHERE depot <> :depot", new { depot = "x" });
        var id = query.GetProperty("id").GetString();
        // A query has ended before its end is audited: that shall not meet the broken log.
        await Eventually.IsTrueAsync("the end is audited", WorkbenchHouse.Patience, () => Task.FromResult(
            house.Host.Audit.Entries.Any(entry => entry.On == id && entry is { Act: "endQuery", Outcome: "ok" } && entry.Detail!.StartsWith("2 rows", StringComparison.Ordinal))));
        house.Host.Audit.IsBroken = true;
        using var unaudited = await caller.AskAsync("SELECT 1");
        house.Host.Audit.IsBroken = false;

        Assert.Contains(house.Host.Audit.Entries, entry => entry.On == id && entry is { Act: "runQuery", Who: "Engineer One", Detail: "SELECT train FROM trains WHERE depot <> :depot [:depot = x]" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unaudited.StatusCode);
        Assert.Single((await caller.GetFromJsonAsync<JsonElement>("/api/queries")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Cancelling_reaches_the_server()
    {
        using var house = new WorkbenchHouse();
        var (engineer, warehouse) = (WorkbenchHouse.Engineer(), house.Host.Services.GetRequiredService<IWarehouse>());
        using var caller = await house.AsAsync(engineer);
        var id = await caller.TakenAsync(WorkbenchHouse.Endless);
        await Eventually.IsTrueAsync("the server sees it run", WorkbenchHouse.Patience, async () => (await warehouse.FindRunningAsync(engineer, default)).Count == 1);

        using var cancelled = await caller.DeleteAsync($"/api/queries/{id}");

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        await Eventually.IsTrueAsync("the server sees nothing run", WorkbenchHouse.Patience, async () => (await warehouse.FindRunningAsync(engineer, default)).Count == 0);
        Assert.Equal("cancelled", (await caller.EndedAsync(id)).State());
        await Eventually.IsTrueAsync("the end is audited", WorkbenchHouse.Patience, () => Task.FromResult(house.Host.Audit.Entries.Any(entry => entry.On == id && entry.Act == "endQuery" && entry.Outcome == "cancelled")));
    }

    [Fact]
    public async Task While_a_server_is_slow_to_cancel_everybody_else_is_answered()
    {
        var (cancelling, mayCancel) = (new TaskCompletionSource(), new ManualResetEventSlim());
        using var host = ChangedWarehouse.Host((_, cancelled, run) =>
        {
            cancelled.Register(() =>
            {
                cancelling.TrySetResult();
                mayCancel.Wait(WorkbenchHouse.Patience);
            });
            return run();
        });
        using var caller = await host.SignedInAsync(WorkbenchHouse.Engineer());
        using var other = await host.SignedInAsync(WorkbenchHouse.Engineer("Engineer Two"));
        var id = await caller.TakenAsync(WorkbenchHouse.Endless);
        await Eventually.IsTrueAsync("it runs", WorkbenchHouse.Patience, async () => (await caller.GetQueryAsync(id)).State() == "running");

        var cancelled = caller.DeleteAsync($"/api/queries/{id}");
        await cancelling.Task.WaitAsync(WorkbenchHouse.Patience);
        var meanwhile = await other.GetAsync("/api/queries").WaitAsync(TimeSpan.FromSeconds(20));
        mayCancel.Set();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (meanwhile.StatusCode, (await cancelled).StatusCode));
        Assert.Equal("cancelled", (await caller.EndedAsync(id)).State());
    }

    [Fact]
    public async Task Only_so_many_run_others_wait_and_beyond_these_a_query_is_refused()
    {
        using var house = new WorkbenchHouse(("Workbench:RunningPerUser", "2"), ("Workbench:WaitingPerUser", "1"), ("Workbench:Running", "3"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        using var other = await house.AsAsync(WorkbenchHouse.Engineer("Engineer Two"));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await caller.TakenAsync(WorkbenchHouse.Endless));
        }

        using var refused = await caller.AskAsync("SELECT 1");
        var others = await other.TakenAsync(WorkbenchHouse.Endless);

        Assert.Contains("3 queries that run or wait", (await refused.ProblemAsync(429))["request"][0], StringComparison.Ordinal);
        Assert.Equal(["running", "running", "queued"], await Task.WhenAll(ids.Select(async id => (await caller.GetQueryAsync(id)).State())));
        Assert.Equal("running", (await other.GetQueryAsync(others)).State());
        await caller.DeleteAsync($"/api/queries/{ids[0]}");
        await Eventually.IsTrueAsync("the next one runs", WorkbenchHouse.Patience, async () => (await caller.GetQueryAsync(ids[2])).State() == "running");
    }

    [Fact]
    public async Task Asked_all_at_once_no_more_are_taken_and_one_that_was_not_written_down_takes_no_place()
    {
        using var house = new WorkbenchHouse(("Workbench:RunningPerUser", "1"), ("Workbench:WaitingPerUser", "1"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        house.Host.Audit.IsBroken = true;
        for (var i = 0; i < 3; i++)
        {
            using var unwritten = await caller.AskAsync("SELECT 1");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unwritten.StatusCode);
        }

        house.Host.Audit.IsBroken = false;
        house.Host.Audit.Takes = TimeSpan.FromMilliseconds(200);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => caller.AskAsync(WorkbenchHouse.Endless)));

        Assert.Equal((2, 10), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted), answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests)));
    }

    [Fact]
    public async Task A_query_is_its_owners_alone_and_only_while_the_scope_is_the_same()
    {
        using var house = new WorkbenchHouse();
        await house.FillAsync();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync("SELECT train FROM trains");
        await caller.EndedAsync(id);

        foreach (var stranger in new[] { WorkbenchHouse.Engineer("Engineer Two"), WorkbenchHouse.Engineer(role: Role.Operator), WorkbenchHouse.Engineer(scope: Samples.OnlyLongsight("depot")) })
        {
            using var strange = await house.AsAsync(stranger);
            foreach (var path in new[] { $"/api/queries/{id}", $"/api/queries/{id}/rows", $"/api/queries/{id}/rows?format=csv" })
            {
                Assert.Contains((await strange.GetAsync(path)).StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
            }

            Assert.Contains((await strange.DeleteAsync($"/api/queries/{id}")).StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
        }

        Assert.Equal("succeeded", (await caller.GetQueryAsync(id)).State());
    }

    [Fact]
    public async Task A_narrow_scope_finds_its_own_trains_only()
    {
        using var house = new WorkbenchHouse();
        await house.FillAsync();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer("Narrow", Samples.OnlyLongsight("depot")));

        Assert.Equal(["390-042"], (await caller.RunAsync("SELECT train FROM trains")).Rows);
    }

    [Fact]
    public async Task The_screen_takes_so_many_rows_and_a_download_asks_for_all()
    {
        using var house = new WorkbenchHouse(("Workbench:ScreenRows", "1000"), ("Workbench:DownloadRows", "20000"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync(Many);
        var query = await caller.EndedAsync(id);

        var page = await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/rows?from=990&limit=20");
        using var csv = await caller.GetAsync($"/api/queries/{id}/rows?format=csv");
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var ndjson = (await caller.GetStringAsync($"/api/queries/{id}/rows?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((1000L, "The first 1,000 rows are kept, as many as a screen takes. A download has up to 20,000."), (query.GetProperty("rows").GetInt64(), query.GetProperty("cut").GetString()));
        Assert.Equal(10, page.GetProperty("rows").GetArrayLength());
        Assert.Equal("row 1000", page.GetProperty("rows")[9][1].GetString());
        Assert.Equal(("i,words", "1,row 1", "20000,row 20000", 20_001), (lines[0], lines[1], lines[^1], lines.Length));
        Assert.Contains("-at-most-20000-rows.csv", csv.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        Assert.Equal(("{\"i\":1,\"words\":\"row 1\"}", 20_000), (ndjson[0], ndjson.Length));
        Assert.Equal(2, house.Host.Audit.Entries.Count(entry => entry is { Act: "endDownload", Outcome: "ok", Detail: "20000 rows" }));
    }

    [Fact]
    public async Task A_page_is_found_wherever_it_lies_in_a_large_result()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync(Many);
        Assert.Equal(30_000, (await caller.EndedAsync(id)).GetProperty("rows").GetInt64());

        foreach (var from in new[] { 0, 1, 255, 256, 257, 14_999, 29_999 })
        {
            var rows = (await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/rows?from={from}&limit=500")).GetProperty("rows");
            Assert.Equal(Math.Min(500, 30_000 - from), rows.GetArrayLength());
            Assert.Equal(from + 1, rows[0][0].GetInt32());
        }

        Assert.Equal(0, (await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/rows?from=30000&limit=5")).GetProperty("rows").GetArrayLength());
        Assert.Equal(["from", "limit"], (await (await caller.GetAsync($"/api/queries/{id}/rows?from=-1&limit=0")).ProblemAsync(400)).Keys.Order());
        Assert.Equal(["format"], (await (await caller.GetAsync($"/api/queries/{id}/rows?format=xlsx")).ProblemAsync(400)).Keys);
    }

    [Fact]
    [Trait("Fault", "BAD-15")]
    public async Task Nulls_empty_texts_quotes_and_formulas_are_told_apart_in_a_csv()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync("SELECT NULL AS a, '' AS b, 'x,\"y\"' AS c, '=1+1' AS d, -5 AS e, '@SUM(A1)' AS f, '-5' AS g, '+cmd|x' AS \"=h\"");
        await caller.EndedAsync(id);

        var csv = await caller.GetStringAsync($"/api/queries/{id}/rows?format=csv");

        Assert.Equal("a,b,c,d,e,f,g,\"'=h\"\r\n,\"\",\"x,\"\"y\"\"\",\"'=1+1\",-5,\"'@SUM(A1)\",-5,\"'+cmd|x\"\r\n", csv);
    }

    [Fact]
    public async Task A_null_alone_in_its_row_is_a_row_of_a_csv()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync("SELECT column1 AS a FROM (VALUES (1), (NULL), (3), (NULL))");
        await caller.EndedAsync(id);

        Assert.Equal("a\r\n1\r\n\"\"\r\n3\r\n\"\"\r\n", await caller.GetStringAsync($"/api/queries/{id}/rows?format=csv"));
    }

    [Fact]
    [Trait("Fault", "BAD-15")]
    public async Task A_formula_behind_a_blank_or_in_wide_signs_is_told_as_text_too()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync("SELECT ' =1+1' AS a, '＝1+1' AS b, ' plain' AS c, ' -5' AS d");
        await caller.EndedAsync(id);

        Assert.Equal("a,b,c,d\r\n\"' =1+1\",\"'＝1+1\", plain, -5\r\n", await caller.GetStringAsync($"/api/queries/{id}/rows?format=csv"));
    }

    [Fact]
    public async Task A_result_goes_after_its_time_and_the_oldest_when_there_are_too_many()
    {
        using var house = new WorkbenchHouse(("Workbench:KeptPerUser", "2"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await caller.TakenAsync($"SELECT {i}"));
            await caller.EndedAsync(ids[^1]);
        }

        await Eventually.IsTrueAsync("the oldest is gone", WorkbenchHouse.Patience, async () => (await caller.GetAsync($"/api/queries/{ids[0]}")).StatusCode == HttpStatusCode.NotFound);
        Assert.Equal("succeeded", (await caller.GetQueryAsync(ids[1])).State());
        using var forgotten = await caller.DeleteAsync($"/api/queries/{ids[1]}");
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync($"/api/queries/{ids[1]}")).StatusCode);
    }

    [Fact]
    public async Task The_schema_says_the_dialect_and_the_tables_with_their_types()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());

        var schema = await caller.GetFromJsonAsync<JsonElement>("/api/warehouse/schema");

        Assert.Equal("sqlite", schema.GetProperty("dialect").GetString());
        Assert.Equal(["alerts", "alerts_by_day", "anomalies", "readings_minute", "train_minutes", "trains"], schema.GetProperty("tables").EnumerateArray().Select(table => table.GetProperty("name").GetString()));
        Assert.Equal("time", schema.GetProperty("tables")[3].GetProperty("columns")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_mistake_is_told_in_the_servers_words()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());

        var (query, rows) = await caller.RunAsync("SELECT train,\n  nonsense FROM trains");

        Assert.Equal("failed", query.State());
        Assert.Contains("nonsense", query.GetProperty("error").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(rows);
    }
}
