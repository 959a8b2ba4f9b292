using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Redshift;
using Xunit.Abstractions;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Workbench;

/// <summary>The workbench as a whole, on every warehouse: what harm is tried, the queries to begin with, cancel on the server.</summary>
public abstract class WorkbenchContract(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Hidden = "222-007|Crofton|root:|SCRAM-SHA|CREATE TABLE|CREATE VIEW";

    // Words of our own making, not of a program's insides.
    private static readonly string[] Insides = ["Exception", "   at ", "Npgsql", "System.", "0x", "NullReference"];

    private protected WorkbenchHouse House { get; set; } = null!;

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    private static User Narrow { get; } = WorkbenchHouse.Engineer("Narrow", Samples.OnlyLongsight("depot"));

    [Fact]
    [Trait("Fault", "BAD-22")]
    [Trait("Fault", "BAD-23")]
    [Trait("Fault", "BAD-24")]
    [Trait("Fault", "BAD-26")]
    public async Task What_is_no_query_is_refused_in_plain_words_before_it_runs()
    {
        using var caller = await House.AsAsync(Narrow);
        var wrong = new List<string>();
        foreach (var (name, sql) in HostileQueries.Refused)
        {
            using var answer = await caller.AskAsync(sql);
            var body = await answer.Content.ReadAsStringAsync();
            var reason = answer.IsSuccessStatusCode ? "" : JsonSerializer.Deserialize<JsonElement>(body).GetProperty("detail").GetString()!;
            output.WriteLine($"{name}: {(int)answer.StatusCode} {reason}");
            if ((int)answer.StatusCode != 400 || !IsPlain(reason))
            {
                wrong.Add($"{name}: {(int)answer.StatusCode} {body}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.DoesNotContain(House.Host.Audit.Entries, entry => entry.Act == "runQuery");
        await NothingHasChangedAsync();
    }

    [Fact]
    [Trait("Fault", "SEC-26")]
    [Trait("Fault", "BAD-25")]
    [Trait("Fault", "BAD-27")]
    [Trait("Fault", "BAD-28")]
    [Trait("Fault", "BAD-30")]
    public async Task Hostile_queries_that_run_end_in_time_change_nothing_and_show_nothing_of_another_scope()
    {
        using var caller = await House.AsAsync(Narrow);
        var wrong = new List<string>();
        foreach (var (name, sql) in HostileQueries.Run)
        {
            using var asked = await caller.AskAsync(sql);
            if (!asked.IsSuccessStatusCode)
            {
                var refusal = (await asked.JsonAsync()).GetProperty("detail").GetString()!;
                output.WriteLine($"{name}: refused, {refusal}");
                wrong.AddRange(IsPlain(refusal) ? [] : [$"{name}: {refusal}"]);
                continue;
            }

            var id = (await asked.JsonAsync()).GetProperty("id").GetString()!;
            var query = await caller.EndedAsync(id);
            var rows = (await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/rows?limit=1000")).GetProperty("rows").ToString();
            var said = query.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("reason").GetString()! : "";
            output.WriteLine($"{name}: {query.State()} after {query.GetProperty("seconds")} s, {query.GetProperty("rows")} rows {said}");
            if (query.State() == "failed" ? !IsPlain(said) : query.State() != "succeeded")
            {
                wrong.Add($"{name}: {query.State()}, {said}");
            }

            wrong.AddRange(Hidden.Split('|').Where(hidden => (rows + said).Contains(hidden, StringComparison.Ordinal)).Select(hidden => $"{name}: shows {hidden}: {said} {rows[..Math.Min(300, rows.Length)]}"));
            wrong.AddRange(query.GetProperty("seconds").GetDouble() > 15 ? [$"{name}: took {query.GetProperty("seconds")} s"] : []);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await NothingHasChangedAsync();
        await Eventually.IsTrueAsync("nothing runs on the server", WorkbenchHouse.Patience, async () => (await House.Host.Services.GetRequiredService<IWarehouse>().FindRunningAsync(Narrow, default)).Count == 0);
    }

    [Fact]
    public async Task Every_query_to_begin_with_runs_as_it_is_offered()
    {
        using var caller = await House.AsAsync(WorkbenchHouse.Engineer());
        var starters = (await caller.GetFromJsonAsync<JsonElement>("/api/warehouse/starters")).GetProperty("items").EnumerateArray().ToList();
        var values = new Dictionary<string, object>
        {
            ["train"] = "390-042", ["alert"] = "a1", ["sensor"] = "axleBoxTemperature.car3.axle2.right", ["grade"] = new { type = "number", value = "0.5" },
            ["from"] = new { type = "time", value = "2026-11-21T00:00:00Z" }, ["to"] = new { type = "time", value = "2026-11-22T00:00:00Z" }, ["before"] = new { type = "time", value = "2026-11-29T00:00:00Z" },
        };
        var withRows = 0;
        foreach (var starter in starters)
        {
            var names = starter.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!).ToList();
            var (query, rows) = await caller.RunAsync(starter.GetProperty("sql").GetString()!, names.ToDictionary(name => name, name => values[name]));
            output.WriteLine($"{starter.GetProperty("id")}: {query.State()}, {rows.Count} rows; {rows.FirstOrDefault()}");
            Assert.True(query.State() == "succeeded", $"{starter.GetProperty("id")}: {query.GetProperty("error")}");
            withRows += rows.Count > 0 ? 1 : 0;
        }

        Assert.True(starters.Count >= 15, $"Only {starters.Count} are offered.");
        Assert.True(withRows >= 12, $"Only {withRows} found something.");
    }

    [Fact]
    public async Task Cancelling_ends_the_statement_in_the_servers_own_view()
    {
        var (engineer, warehouse) = (WorkbenchHouse.Engineer(), House.Host.Services.GetRequiredService<IWarehouse>());
        using var caller = await House.AsAsync(engineer);
        var id = await caller.TakenAsync(WorkbenchHouse.Endless);
        await Eventually.IsTrueAsync("the server sees it run", WorkbenchHouse.Patience, async () => (await warehouse.FindRunningAsync(engineer, default)).Any(statement => statement.Text.Contains("RECURSIVE", StringComparison.Ordinal)));

        (await caller.DeleteAsync($"/api/queries/{id}")).EnsureSuccessStatusCode();

        Assert.Equal("cancelled", (await caller.EndedAsync(id)).State());
        await Eventually.IsTrueAsync("the server sees nothing run", WorkbenchHouse.Patience, async () => (await warehouse.FindRunningAsync(engineer, default)).Count == 0);
    }

    [Fact]
    public async Task A_mistake_is_shown_at_its_place()
    {
        using var caller = await House.AsAsync(WorkbenchHouse.Engineer());
        const string Sql = "SELECT train, 'é' AS e,\n  nonsense FROM trains WHERE depot = :depot";

        var (query, _) = await caller.RunAsync(Sql, new { depot = "x" });

        var error = query.GetProperty("error");
        Assert.Contains("nonsense", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(Sql.IndexOf("nonsense", StringComparison.Ordinal), error.GetProperty("position").GetInt32());
    }

    private static bool IsPlain(string reason) => reason.Length is > 10 and < 2_000 && !Array.Exists(Insides, inside => reason.Contains(inside, StringComparison.Ordinal));

    private async Task NothingHasChangedAsync()
    {
        using var caller = await House.AsAsync(WorkbenchHouse.Engineer("Everything"));
        Assert.Equal(["2|2|2"], (await caller.RunAsync("SELECT (SELECT COUNT(*) FROM trains), (SELECT COUNT(*) FROM alerts), (SELECT COUNT(*) FROM anomalies)")).Rows);
    }
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedWorkbenchTests(ITestOutputHelper output) : WorkbenchContract(output)
{
    public override async Task InitializeAsync()
    {
        House = new WorkbenchHouse(("Data:QueryTime", "00:00:02"));
        await House.FillAsync();
    }

    public override Task DisposeAsync()
    {
        House.Dispose();
        return Task.CompletedTask;
    }
}

[Trait("Peer", "PostgreSQL")]
public sealed class RedshiftWorkbenchTests(ITestOutputHelper output) : WorkbenchContract(output)
{
    private RedshiftRig _rig = null!;

    public override async Task InitializeAsync()
    {
        _rig = await RedshiftRig.StartAsync();
        await _rig.AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await _rig.AddAsync(Samples.Crofton(), "a2", Samples.Start);
        House = new WorkbenchHouse(
            [("Adapters:Warehouse", "Redshift"), ("Redshift:QueryTime", "00:00:02"), .. _rig.PasswordSettings.Select(setting => (setting.Name.Replace("__", ":", StringComparison.Ordinal), setting.Value))]);
    }

    [Fact]
    public async Task Numbers_keep_their_digits_both_ways()
    {
        using var caller = await House.AsAsync(WorkbenchHouse.Engineer());
        var (query, rows) = await caller.RunAsync(
            "SELECT :whole = 9223372036854775808, :exact - 0.1234567890123456789 = 0, :whole, 0.1::float8 + 0.2::float8, 1e300::float8 / 3, 61.5000000000000000",
            new { whole = new { type = "number", value = "9223372036854775808" }, exact = new { type = "number", value = "0.1234567890123456789" } });
        var row = (await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{query.GetProperty("id").GetString()}/rows")).GetProperty("rows")[0];

        Assert.Equal(["True|True|9223372036854775808|0.30000000000000004|3.3333333333333335e+299|61.5000000000000000"], rows);
        Assert.Equal([JsonValueKind.True, JsonValueKind.True, JsonValueKind.String, JsonValueKind.Number, JsonValueKind.Number, JsonValueKind.String], row.EnumerateArray().Select(cell => cell.ValueKind));
    }

    public override async Task DisposeAsync()
    {
        House.Dispose();
        await _rig.DisposeAsync();
    }
}
