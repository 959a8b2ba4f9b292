using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Workbench;

namespace OpsPortal.Tests.Access;

/// <summary>The running portal, and one user's way into it.</summary>
internal sealed class PortalHouse(PortalHost host)
{
    private readonly Dictionary<string, HttpClient> _callers = [];

    public PortalHost Host => host;

    public async Task<HttpClient> AsAsync(User user)
    {
        if (!_callers.TryGetValue(user.Id, out var caller))
        {
            _callers[user.Id] = caller = await host.SignedInAsync(user);
        }

        return caller;
    }

    public async Task<string> TextAsync(User user, string path) => await (await (await AsAsync(user)).GetAsync(path)).Content.ReadAsStringAsync();
}

/// <summary>Every path of the running portal that says something about trains. A new one joins with one line.</summary>
internal static partial class HostPaths
{
    public static IReadOnlyList<ScopePath<PortalHouse>> All { get; } =
    [
        Text("GET /api/fleet", "/api/fleet?limit=1000", TrainIds),
        Text("GET /api/alerts", "/api/alerts?limit=1000", TrainIds),
        Text("GET /api/anomalies", "/api/anomalies?limit=1000", FactIds),
        Text("GET /api/health/pipeline", "/api/health/pipeline", Nothing),
        Text("GET /api/health/services", "/api/health/services", Nothing),
        Text("GET /api/network", "/api/network", Nothing),
        Text("GET /api/me", "/api/me", Nothing),
        Text("GET /api/sessions", "/api/sessions?all=true", Nothing),
        Text("GET /api/tokens", "/api/tokens?all=true", Nothing),
        Text("GET /api/audit", "/api/audit?limit=1000", Nothing),
        Text("GET /api/audit/download", "/api/audit/download", Nothing),
        Text("page /audit", "/audit", Nothing),
        Text("GET /api/extracts", "/api/extracts?all=true", Nothing),
        Text("page /", "/", Nothing),
        Text("page /alerts", "/alerts", Nothing),
        Text("page /extracts", "/extracts", Nothing),
        Text("page /sessions", "/sessions", Nothing),
        Text("page /tokens", "/tokens", Nothing),
        Text("page /workbench", "/workbench", Nothing),
        Text("GET /api/queries", "/api/queries", Nothing),
        Text("GET /api/reports", "/api/reports", Nothing),
        Text("page /reports", "/reports", Nothing),
        Text("page /reports/{name}", "/reports/worst", Nothing),
        new("GET /api/reports/worst", (house, user, _) => ReportAsync(house, user), TrainIds),
        Text("GET /api/warehouse/schema", "/api/warehouse/schema", Nothing),
        new("POST /api/queries, trains", (house, user, _) => QueryAsync(house, user, "SELECT * FROM trains"), TrainIds),
        new("POST /api/queries, anomalies", (house, user, _) => QueryAsync(house, user, "SELECT * FROM anomalies"), FactIds),
        Guess("GET /api/trains/{id}", train => $"/api/trains/{train.Id}", StorePaths.Trains),
        Guess("GET /api/trains/{id}/shadow", train => $"/api/trains/{train.Id}/shadow", StorePaths.Trains),
        Guess("GET /api/trains/{id}/readings", train => $"/api/trains/{train.Id}/readings?sensor={ScopeWorld.Sensor}", StorePaths.Trains),
        Guess("page /trains/{id}", train => $"/trains/{train.Id}", StorePaths.Trains),
        Guess("GET /api/alerts/{id}", train => $"/api/alerts/{ScopeWorld.AlertOf(train)}", StorePaths.Trains),
        new("GET /api/alerts?train=", (house, user, world) => EachAsync(world, train => house.TextAsync(user, $"/api/alerts?train={train.Id}")), TrainIds),
        new("GET /api/anomalies?train=", (house, user, world) => EachAsync(world, train => house.TextAsync(user, $"/api/anomalies?train={train.Id}")), FactIds),
        Guess("page /alerts?q=", train => $"/alerts?train={train.Id}&q={train.Id}&state=cleared", Nothing),
        new("POST /api/alerts/{id}/acknowledge", (house, user, world) => AnsweredAsync(world, async train => (await (await house.AsAsync(user)).PostAsJsonAsync($"/api/alerts/{ScopeWorld.AlertOf(train)}/acknowledge", new { note = "mine" })).StatusCode != System.Net.HttpStatusCode.NotFound), StorePaths.Trains),
        new("POST /api/alerts/acknowledge", AcknowledgeManyAsync, StorePaths.Trains),
        new("POST /api/demo/faults", async (house, user, world) => Ids(await (await (await house.AsAsync(user)).PostAsJsonAsync("/api/demo/faults", new { trainId = $"{world.Name}-none" })).Content.ReadAsStringAsync()), Nothing),
        new("hub, snapshot", async (house, user, _) => Ids(await HubText.SnapshotAsync(house.Host, await house.Host.SessionOfAsync(user))), FactIds),
    ];

    private static IEnumerable<string> TrainIds(ScopeWorld world, Scope scope) => ScopeWorld.Inside(scope, world.Present);

    private static IEnumerable<string> FactIds(ScopeWorld world, Scope scope) => ScopeWorld.Inside(scope, world.Ever).Union(ScopeWorld.Inside(scope, world.Present));

    private static IEnumerable<string> Nothing(ScopeWorld world, Scope scope) => [];

    private static ScopePath<PortalHouse> Text(string name, string path, Func<ScopeWorld, Scope, IEnumerable<string>> expected) =>
        new(name, async (house, user, _) => Ids(await house.TextAsync(user, path)), expected);

    // A train outside must look like one that was never there, to the letter: but for the id that was asked for.
    private static ScopePath<PortalHouse> Guess(string name, Func<TrainIdentity, string> path, Func<ScopeWorld, Scope, IEnumerable<string>> expected) =>
        new(name, async (house, user, world) =>
        {
            var never = new TrainIdentity($"{world.Name}-none_", "", "", "");
            var unknown = Plain(await house.TextAsync(user, path(never)), never.Id);
            return await AnsweredAsync(world, async train => Plain(await house.TextAsync(user, path(train)), train.Id) != unknown);
        }, expected);

    // Operators run no queries: an engineer of the same scope does.
    private static async Task<IEnumerable<string>> QueryAsync(PortalHouse house, User user, string sql)
    {
        await house.Host.Services.GetRequiredService<WarehouseFilling>().FillAsync(default);
        var caller = await house.AsAsync(user with { Id = $"{user.Id}:engineer", Roles = new HashSet<Role> { Role.Engineer } });
        return (await caller.RunAsync(sql)).Rows.SelectMany(Ids);
    }

    private static async Task<IEnumerable<string>> ReportAsync(PortalHouse house, User user)
    {
        await house.Host.Services.GetRequiredService<WarehouseFilling>().FillAsync(default);
        return Ids(await house.TextAsync(user, "/api/reports/worst?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"));
    }

    private static async Task<IEnumerable<string>> AcknowledgeManyAsync(PortalHouse house, User user, ScopeWorld world)
    {
        var ids = world.Present.Select(ScopeWorld.AlertOf).ToArray();
        var answer = await (await (await house.AsAsync(user)).PostAsJsonAsync("/api/alerts/acknowledge", new { ids, note = "mine" })).JsonAsync();
        return answer.GetProperty("results").EnumerateArray().Where(result => result.GetProperty("outcome").GetString() != "notFound").Select(result => Ids(result.GetProperty("id").GetString()!).Single());
    }

    private static async Task<IEnumerable<string>> EachAsync(ScopeWorld world, Func<TrainIdentity, Task<string>> ask) =>
        (await Task.WhenAll(world.Present.Select(ask))).SelectMany(Ids);

    private static async Task<IEnumerable<string>> AnsweredAsync(ScopeWorld world, Func<TrainIdentity, Task<bool>> ask)
    {
        var came = new List<string>();
        foreach (var train in world.Present)
        {
            if (await ask(train))
            {
                came.Add(train.Id);
            }
        }

        return came;
    }

    // Whatever names a train of a generated world: in ids of alerts and anomalies, in names and explanations too.
    private static IEnumerable<string> Ids(string text) => TrainId().Matches(text).Select(match => match.Value).Distinct();

    // What differs between any two answers: trace ids, times, tokens of forms, and the id asked for.
    private static string Plain(string text, string id) => Varies().Replace(text.Replace(id, "ID", StringComparison.Ordinal), "");

    [GeneratedRegex("w[0-9a-f]+-t\\d+_")]
    private static partial Regex TrainId();

    [GeneratedRegex("CfDJ8[\\w-]+|\"traceId\":\"[^\"]*\"|00-[0-9a-f]{32}-[0-9a-f]{16}-0\\d|[0-9a-f]{32}|\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z|<!--Blazor[^>]*-->|\\w+=\"\\w{8}-\\w{4}-[^\"]*\"")]
    private static partial Regex Varies();
}
