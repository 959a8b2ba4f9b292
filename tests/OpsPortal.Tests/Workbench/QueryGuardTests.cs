using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;
using OpsPortal.Workbench;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Workbench;

/// <summary>What a query would cost, said before it runs, and who may run what costs very much.</summary>
public sealed class QueryGuardTests
{
    private const string Cross = "SELECT COUNT(*) FROM alerts a, alerts b, alerts c";

    [Fact]
    public async Task What_a_query_would_read_is_said_in_words_and_as_the_plan()
    {
        using var house = new WorkbenchHouse();
        await house.FillAsync();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        using var narrow = await house.AsAsync(WorkbenchHouse.Engineer("Narrow", Samples.OnlyLongsight("depot")));

        var whole = await EstimateAsync(caller, "SELECT * FROM readings_minute WHERE max_value > 1");
        var part = await EstimateAsync(caller, "SELECT * FROM trains WHERE train = :train", new { train = "390-042" });
        var few = await EstimateAsync(caller, "SELECT * FROM alerts LIMIT 1");
        var less = await EstimateAsync(narrow, "SELECT * FROM readings_minute WHERE max_value > 1");
        using var wrong = await caller.PostAsJsonAsync("/api/queries/estimate", new { sql = "SELECT nonsense FROM trains" });

        Assert.Equal(["reads all of readings_minute, 2 rows"], Words(whole));
        Assert.Equal((2, false, 50_000_000L), (whole.GetProperty("rows").GetInt32(), whole.GetProperty("over").GetBoolean(), whole.GetProperty("limit").GetInt64()));
        // SQLite tells no bytes.
        Assert.Equal(JsonValueKind.Null, whole.GetProperty("bytes").ValueKind);
        Assert.Equal(["looks up a part of trains, which has 2 rows"], Words(part));
        Assert.Equal(["reads the first 1 row of alerts"], Words(few));
        Assert.Equal(["reads all of readings_minute, 1 row"], Words(less));
        Assert.All(less.GetProperty("plan").EnumerateArray(), step => Assert.DoesNotMatch("scope|[0-9a-f]{32}", step.GetString()));
        Assert.Equal((400, 7), ((int)wrong.StatusCode, (await wrong.JsonAsync()).GetProperty("position").GetInt32()));
        Assert.Equal(5, house.Host.Audit.Entries.Count(entry => entry.Act == "estimateQuery"));
        Assert.DoesNotContain(house.Host.Audit.Entries, entry => entry.Act == "runQuery");
    }

    [Fact]
    [Trait("Fault", "BAD-27")]
    public async Task What_would_read_too_much_runs_only_when_told_to_by_who_may()
    {
        using var house = new WorkbenchHouse(("Workbench:LargestEstimate", "5"));
        await house.FillAsync();
        using var engineer = await house.AsAsync(WorkbenchHouse.Engineer());
        using var scientist = await house.AsAsync(WorkbenchHouse.Engineer("Scientist", role: Role.DataScientist));

        using var refused = await engineer.AskAsync(Cross);
        using var forbidden = await engineer.PostAsJsonAsync("/api/queries", new { sql = Cross, @override = true });
        using var warned = await scientist.AskAsync(Cross);
        using var told = await scientist.PostAsJsonAsync("/api/queries", new { sql = Cross, @override = true });
        var small = await engineer.RunAsync("SELECT COUNT(*) FROM alerts");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Forbidden, HttpStatusCode.Conflict, HttpStatusCode.Accepted), (refused.StatusCode, forbidden.StatusCode, warned.StatusCode, told.StatusCode));
        var problem = await refused.JsonAsync();
        Assert.StartsWith("The query goes through 8 rows (reads all of alerts, 2 rows), more than the 5 that run unasked. Your role may not", problem.GetProperty("detail").GetString());
        Assert.Equal((8, true), (problem.GetProperty("present").GetProperty("rows").GetInt32(), problem.GetProperty("present").GetProperty("over").GetBoolean()));
        Assert.EndsWith("Ask for less, or run it anyway (override).", (await warned.JsonAsync()).GetProperty("detail").GetString());
        Assert.Equal("succeeded", small.Query.State());
        Assert.Contains(house.Host.Audit.Entries, entry => entry is { Act: "refuse", Who: "Engineer One" } && entry.Detail!.Contains("goes through 8 rows", StringComparison.Ordinal));
        Assert.Contains(house.Host.Audit.Entries, entry => entry is { Act: "runQuery", Who: "Scientist" } && entry.Detail!.Contains("run although the query goes through 8 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_guard_names_bytes_where_they_are_known_and_goes_by_rows_all_the_same()
    {
        using var guard = new QueryGuard(null!, Options.Create(new WorkbenchOptions { LargestEstimate = 1_000_000 }));
        var large = new QueryEstimate(["reads all of trains, about 2 million rows, about 1.2 GB"], [], 2e6, null, 2e6, 1.2e9);

        Assert.Equal("the query goes through about 2 million rows and reads about 1.2 GB (reads all of trains, about 2 million rows, about 1.2 GB), more than the 1,000,000 rows that run unasked", guard.Words(large));
        Assert.True(guard.IsOver(large));
        Assert.False(guard.IsOver(large with { Weight = 1_000_000, Bytes = 1e15 }));
    }

    [Fact]
    public async Task A_user_asks_only_so_often_in_a_minute_and_others_are_not_held_up()
    {
        using var house = new WorkbenchHouse(("Workbench:QueriesPerMinute", "2"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        using var other = await house.AsAsync(WorkbenchHouse.Engineer("Engineer Two"));
        await caller.TakenAsync("SELECT 1");
        await EstimateAsync(caller, "SELECT 1");

        using var refused = await caller.AskAsync("SELECT 1");

        Assert.Contains("within a minute", (await refused.ProblemAsync(429))["request"][0], StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
        await other.TakenAsync("SELECT 1");
    }

    private static List<string?> Words(JsonElement estimate) => [.. estimate.GetProperty("words").EnumerateArray().Select(words => words.GetString())];

    private static async Task<JsonElement> EstimateAsync(HttpClient caller, string sql, object? parameters = null)
    {
        using var answer = await caller.PostAsJsonAsync("/api/queries/estimate", new { sql, parameters });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }
}
