using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Host;

public sealed class ApiTests(ApiTests.Portal portal) : IClassFixture<ApiTests.Portal>
{
    public sealed class Portal : IAsyncLifetime
    {
        public PortalHost Host { get; } = new();

        public async Task InitializeAsync()
        {
            var (one, other) = (Samples.Longsight(), Samples.Crofton());
            var services = Host.Services;
            await services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(one, 1), Samples.State(other, 2)], CancellationToken.None);
            await services.GetRequiredService<IAnomalyStore>().AppendAsync(
                [Samples.Anomaly("n1", one, Samples.Start), Samples.Anomaly("n2", one, Samples.Start.AddSeconds(1), "brakes"), Samples.Anomaly("n3", other, Samples.Start.AddSeconds(2))], CancellationToken.None);
            var alerts = services.GetRequiredService<IAlertStore>();
            foreach (var (id, severity) in new[] { ("a1", Severity.Critical), ("a2", Severity.Warning), ("a3", Severity.Watch), ("a4", Severity.Watch) })
            {
                await alerts.PutAsync(Samples.Alert(id, one, Samples.Start.AddMinutes(id[1]), severity), 0, CancellationToken.None);
            }

            var feed = services.GetRequiredService<LiveFeed>();
            await Eventually.IsTrueAsync("the feed has both trains", TimeSpan.FromSeconds(20), () => Task.FromResult(feed.Find(Core.Access.Scope.WholeFleet, other.Id) is not null));
        }

        public Task DisposeAsync()
        {
            Host.Dispose();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_fleet_is_a_list_in_the_envelope()
    {
        var list = await GetAsync("/api/fleet");

        Assert.Equal(["222-007", "390-042"], list.GetProperty("items").EnumerateArray().Select(train => train.GetProperty("id").GetString()!));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (list.GetProperty("next").ValueKind, list.GetProperty("limited").ValueKind));
        Assert.EndsWith("Z", list.GetProperty("asOf").GetString(), StringComparison.Ordinal);
        var train = list.GetProperty("items")[1];
        Assert.Equal("390 042", train.GetProperty("name").GetString());
        Assert.Equal("stale", train.GetProperty("connectivity").GetString());
        Assert.Equal("2026-11-21T20:00:00Z", train.GetProperty("position").GetProperty("measuredAt").GetString());
        Assert.Equal("2026-11-21T20:00:00.25Z", train.GetProperty("asOf").GetString());
    }

    [Theory]
    [InlineData("/api/fleet", 2)]
    [InlineData("/api/alerts", 4)]
    [InlineData("/api/anomalies", 3)]
    public async Task Lists_are_walked_page_by_page_without_gap_or_double(string path, int all)
    {
        var ids = new List<string>();
        string? next = null;
        do
        {
            var page = await GetAsync($"{path}?limit=1{(next is null ? "" : $"&after={next}")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
            Assert.Equal(next is null, page.GetProperty("limited").ValueKind == JsonValueKind.Null);
        }
        while (next is not null);

        Assert.Equal(all, ids.Count);
        Assert.Equal(all, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("/api/fleet", "/api/alerts")]
    [InlineData("/api/alerts", "/api/anomalies")]
    [InlineData("/api/anomalies", "/api/alerts")]
    public async Task A_cursor_that_was_cut_changed_or_taken_from_another_list_is_refused(string path, string otherPath)
    {
        var caller = await portal.Host.SignedInAsync();
        var next = (await GetAsync($"{path}?limit=1")).GetProperty("next").GetString()!;

        var spoilt = Enumerable.Range(0, next.Length).Select(at => $"{next[..at]}{(next[at] == 'A' ? 'B' : 'A')}{next[(at + 1)..]}")
            .Concat([next[..^1], next[1..], next + "A", next + "AAAA", next.ToUpperInvariant()]);

        foreach (var cursor in spoilt.Where(cursor => cursor != next))
        {
            Assert.Equal(["after"], (await (await caller.GetAsync($"{path}?limit=1&after={cursor}")).ProblemAsync(400)).Keys);
        }

        Assert.Equal(["after"], (await (await caller.GetAsync($"{otherPath}?limit=1&after={next}")).ProblemAsync(400)).Keys);
    }

    [Fact]
    public async Task A_train_comes_with_its_sensors_and_open_alerts()
    {
        var train = await GetAsync("/api/trains/390-042");

        var sensor = Assert.Single(train.GetProperty("sensors").EnumerateArray());
        Assert.Equal(("axle box 3-2 right", "°C", 61.2), (sensor.GetProperty("words").GetString(), sensor.GetProperty("unit").GetString(), sensor.GetProperty("value").GetDouble()));
        Assert.Contains("a1", train.GetProperty("openAlerts").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()));
        Assert.Equal("critical", train.GetProperty("worstAlert").GetString());
    }

    [Theory]
    [InlineData("/api/alerts?severity=critical", "a1")]
    [InlineData("/api/alerts?severity=critical,warning", "a2,a1")]
    [InlineData("/api/alerts?state=cleared", "")]
    [InlineData("/api/alerts?train=222-007", "")]
    [InlineData("/api/anomalies?subsystem=brakes", "n2")]
    [InlineData("/api/anomalies?train=222-007", "n3")]
    [InlineData("/api/anomalies?from=2026-11-21T20:00:01Z&to=2026-11-21T20:00:02Z", "n2")]
    [InlineData("/api/anomalies?from=2026-11-21T21:00:01%2B01:00&to=2026-11-21T20:00:02.000Z", "n2")]
    public async Task Filters_narrow_lists(string path, string ids) =>
        Assert.Equal(ids, string.Join(',', (await GetAsync(path)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())));

    [Theory]
    [Trait("Fault", "BAD-19")]
    [Trait("Fault", "BAD-20")]
    [Trait("Fault", "BAD-21")]
    [InlineData("/api/fleet?limit=0", "limit")]
    [InlineData("/api/fleet?limit=1001", "limit")]
    [InlineData("/api/fleet?limit=-1", "limit")]
    [InlineData("/api/fleet?limit=+5", "limit")]
    [InlineData("/api/fleet?limit=1e2", "limit")]
    [InlineData("/api/fleet?limit=NaN", "limit")]
    [InlineData("/api/fleet?limit=", "limit")]
    [InlineData("/api/fleet?limit=1&limit=2", "limit")]
    [InlineData("/api/fleet?size=10", "size")]
    [InlineData("/api/fleet?Limit=10", "Limit")]
    [InlineData("/api/fleet?after=%%%", "after")]
    [InlineData("/api/alerts?after=abc", "after")]
    [InlineData("/api/alerts?after=OTk5OTk5OTk5OTk5OTk5OTk5OXxh", "after")]
    [InlineData("/api/alerts?state=open-ish", "state")]
    [InlineData("/api/alerts?state=Acknowledged", "state")]
    [InlineData("/api/alerts?state=1", "state")]
    [InlineData("/api/alerts?severity=", "severity")]
    [InlineData("/api/alerts?from=yesterday", "from")]
    [InlineData("/api/alerts?from=1926-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("/api/anomalies?from=1926-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("/api/alerts?from=2026-11-21T20:00:00", "from")]
    [InlineData("/api/alerts?from=2026-13-41T20:00:00Z", "from")]
    [InlineData("/api/anomalies?from=2026-11-21T20:00:02Z&to=2026-11-21T20:00:01Z", "to")]
    [InlineData("/api/anomalies?train=", "train")]
    [InlineData("/api/anomalies?tz=Mars/Base", "tz")]
    [InlineData("/api/me?x=1", "x")]
    [InlineData("/api/trains/390-042?id=x", "id")]
    [InlineData("/api/health/pipeline?limit=x", "limit")]
    [InlineData("/api/health/services?x", "x")]
    public async Task A_bad_or_unknown_parameter_is_refused_by_name(string path, string field) =>
        Assert.Contains(field, (await (await (await portal.Host.SignedInAsync()).GetAsync(path)).ProblemAsync(400)).Keys);

    [Theory]
    [Trait("Fault", "SEC-23")]
    [Trait("Fault", "BAD-35")]
    [InlineData("/api/trains/none")]
    [InlineData("/api/trains/none/shadow")]
    [InlineData("/api/alerts/none")]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    public async Task What_is_not_there_answers_404(string path) =>
        Assert.NotEmpty(await (await (await portal.Host.SignedInAsync()).GetAsync(path)).ProblemAsync(404));

    [Fact]
    public async Task A_wrong_method_or_content_type_is_told_apart()
    {
        var caller = await portal.Host.SignedInAsync();

        await (await caller.DeleteAsync("/api/fleet")).ProblemAsync(405);
        await (await caller.PostAsync("/api/alerts/a1/acknowledge", new StringContent("note=x"))).ProblemAsync(415);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"note\":null}")]
    [InlineData("{\"note\":\"   \"}")]
    public async Task Acknowledging_needs_a_note(string body)
    {
        var answer = await (await portal.Host.SignedInAsync()).PostAsync("/api/alerts/a1/acknowledge", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(["note"], (await answer.ProblemAsync(400)).Keys);
    }

    [Theory]
    [InlineData("{\"note\":7}")]
    [InlineData("{\"note\":\"a\",\"note\":\"b\"}")]
    [InlineData("{\"note\":")]
    [InlineData("not json")]
    public async Task A_spoilt_body_is_refused_without_a_stack_trace(string body)
    {
        var answer = await (await portal.Host.SignedInAsync()).PostAsync("/api/alerts/a1/acknowledge", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(["body"], (await answer.ProblemAsync(400)).Keys);
        Assert.DoesNotContain("Exception", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acknowledging_answers_with_the_alert_and_a_second_time_with_its_present_state()
    {
        var caller = await portal.Host.SignedInAsync(name: "Operator One");

        var first = await caller.PostAsJsonAsync("/api/alerts/a2/acknowledge", new { note = "on it" });
        var second = await caller.PostAsJsonAsync("/api/alerts/a2/acknowledge", new { note = "me too" });

        var alert = await first.JsonAsync();
        Assert.Equal("acknowledged", alert.GetProperty("state").GetString());
        Assert.Equal(("Operator One", "on it"), (alert.GetProperty("acknowledgement").GetProperty("by").GetString(), alert.GetProperty("acknowledgement").GetProperty("note").GetString()));
        Assert.Equal("clicked", alert.GetProperty("delivery").GetProperty("stage").GetString());
        await second.ProblemAsync(409);
        Assert.Equal("on it", (await second.JsonAsync()).GetProperty("present").GetProperty("acknowledgement").GetProperty("note").GetString());
    }

    [Fact]
    public async Task Acknowledging_many_says_for_each_what_became_of_it()
    {
        var caller = await portal.Host.SignedInAsync();

        var answer = await caller.PostAsJsonAsync("/api/alerts/acknowledge", new { ids = new[] { "a3", "a3", "none" }, note = "ours" });

        var results = (await answer.JsonAsync()).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["acknowledged", "alreadyAcknowledged", "notFound"], results.Select(result => result.GetProperty("outcome").GetString()!));
        Assert.Equal(JsonValueKind.Null, results[0].GetProperty("why").ValueKind);
        Assert.NotEmpty(results[1].GetProperty("why").GetString()!);
    }

    [Theory]
    [InlineData("""{"note":"x"}""", "ids")]
    [InlineData("""{"ids":[],"note":"x"}""", "ids")]
    [InlineData("""{"ids":[null],"note":"x"}""", "ids")]
    [InlineData("""{"ids":["a4"]}""", "note")]
    public async Task Acknowledging_many_needs_ids_and_a_note(string body, string field)
    {
        var answer = await (await portal.Host.SignedInAsync()).PostAsync("/api/alerts/acknowledge", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal([field], (await answer.ProblemAsync(400)).Keys);
    }

    [Theory]
    [Trait("Fault", "SEC-22")]
    [InlineData("/api/alerts/a4/acknowledge", """{"note":"x"}""")]
    [InlineData("/api/alerts/a4/acknowledge", "{}")]
    [InlineData("/api/alerts/none/acknowledge", """{"note":"x"}""")]
    [InlineData("/api/alerts/acknowledge", """{"ids":["a4"],"note":"x"}""")]
    [InlineData("/api/alerts/acknowledge", "{}")]
    [InlineData("/api/alerts/acknowledge", """{"ids":[],"note":"x"}""")]
    public async Task A_role_that_may_not_acknowledge_is_refused_and_audited(string path, string body)
    {
        var caller = await portal.Host.SignedInAsync("executive", "The Chief");

        await (await caller.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).ProblemAsync(403);

        Assert.Contains(portal.Host.Audit.Entries, entry => entry.Who == "The Chief" && entry.Outcome is "Refused" or "refused");
        Assert.Equal("unacknowledged", (await GetAsync("/api/alerts/a4")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Faults_are_planted_only_where_there_are_simulated_trains() =>
        await (await (await portal.Host.SignedInAsync()).PostAsJsonAsync("/api/demo/faults", new { seed = 1 })).ProblemAsync(404);

    [Fact]
    public async Task A_fault_is_planted_in_the_users_name()
    {
        using var host = new PortalHost(services => services.AddSingleton<IFaultPlanter, OneKindPlanter>());
        var caller = await host.SignedInAsync("executive", "The Chief");

        var planted = await (await caller.PostAsJsonAsync("/api/demo/faults", new { trainId = "390-042", kind = "hotAxleBox", seed = 1 })).JsonAsync();

        Assert.Equal("""{"trainId":"390-042","kind":"hotAxleBox","sensor":"axleBoxTemperature.car1.axle1.left","start":"2026-11-21T20:00:00Z","end":"2026-11-21T20:10:00Z"}""", planted.GetRawText());
        Assert.Contains(host.Audit.Entries, entry => entry is { Act: "plantFault", Who: "The Chief", On: "390-042" });
        Assert.Equal(["kind"], (await (await caller.PostAsJsonAsync("/api/demo/faults", new { kind = "squareWheels" })).ProblemAsync(400)).Keys);
    }

    [Fact]
    [Trait("Fault", "SEC-44")]
    public async Task Health_is_shown_to_the_signed_in_and_probes_say_a_status_only()
    {
        var services = await GetAsync("/api/health/services");
        var pipeline = await GetAsync("/api/health/pipeline");

        Assert.Contains(services.GetProperty("items").EnumerateArray(), service => service.GetProperty("service").GetString() == "live feed" && service.GetProperty("status").GetString() == "ok");
        Assert.Equal(0, pipeline.GetProperty("setAside").GetProperty("total").GetInt64());
        Assert.Equal("ok", await portal.Host.Caller().GetStringAsync("/healthz/live"));
        Assert.Equal("ok", await portal.Host.Caller().GetStringAsync("/healthz/ready"));
    }

    [Fact]
    public async Task The_description_names_every_endpoint()
    {
        var paths = (await GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();

        Assert.Superset(
            new HashSet<string> { "/sign-in/persona", "/api/me", "/api/fleet", "/api/trains/{id}", "/api/trains/{id}/shadow", "/api/anomalies", "/api/alerts", "/api/alerts/{id}", "/api/alerts/{id}/acknowledge", "/api/alerts/acknowledge", "/api/demo/faults", "/api/health/services", "/api/health/pipeline" },
            paths);
    }

    private sealed class OneKindPlanter : IFaultPlanter
    {
        public IReadOnlyList<string> Kinds { get; } = ["hotAxleBox"];

        public Task<PlantedFault> PlantAsync(string? trainId, string? kind, int? seed, CancellationToken cancellationToken) =>
            kind == "hotAxleBox"
                ? Task.FromResult(new PlantedFault(trainId!, kind, "axleBoxTemperature.car1.axle1.left", Samples.Start, Samples.Start.AddMinutes(10)))
                : throw new ArgumentException("There is no such kind; use hotAxleBox.", nameof(kind));
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var answer = await (await portal.Host.SignedInAsync()).GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }
}
