using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.OpenSearch;
using Xunit.Abstractions;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>The whole product on OpenSearch, which is away at the start, and again while anomalies come: said as long as it lasts, and afterwards everything is counted.</summary>
[Trait("Peer", "OpenSearch")]
public sealed class OutageTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static TimeSpan Outage => TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 60 : 15);

    [Fact]
    [Trait("Fault", "FLT-6")]
    public async Task A_store_that_is_away_is_said_never_shown_as_current_and_caught_up_with()
    {
        await using var rig = await OpenSearchRig.StartWithProxyAsync();
        var away = rig.Proxy.Set(TcpFault.Refuse);
        await using var product = await RunningProduct.StartAsync(
            [.. rig.Settings(), ("Trains:Count", "40"), ("Trains:FaultsPerHour", "0"), ("Trains:Seed", "11"), ("Trains:History", "00:06:00"), ("Pipeline:SnapshotEvery", "00:00:04"),
            ("Adapters:Operations", "OpenSearch"), ("OpenSearch:Retries", "1")]);
        using var anyone = new HttpClient { BaseAddress = product.Address };
        Assert.Equal("degraded", await anyone.GetStringAsync("/healthz/ready"));
        Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync("/sign-in")).StatusCode);
        away.Dispose();

        using var client = await SignInWhenItCanBeWrittenDownAsync(product);
        await FleetCount.WarmUpAsync(client, 40 * 310);
        await PlantAsync(client, 1);
        await Eventually.IsTrueAsync("an alert is there", Limit, async () => await OpenAlertsAsync(client) > 0);

        using (rig.Proxy.Set(TcpFault.Refuse))
        {
            await AwayIsSaidAsync(client, anyone);
        }

        await Eventually.IsTrueAsync("it says that all is well again", Limit, async () => await anyone.GetStringAsync("/healthz/ready") == "ok");
        await FleetCount.WarmUpAsync(client, 40 * 320);
        Assert.Equal(0, await product.StopAsync());
        await product.StartAgainAsync(("Parts", "Portal,Detector"));
        using var after = await product.SignInAsync("operator", "Operator One");
        await FleetCount.DrainAsync(after);
        output.WriteLine($"away {Outage.TotalSeconds} s; {await FleetCount.NothingLostOrDoubledAsync(after, product)}");
    }

    private static async Task AwayIsSaidAsync(HttpClient client, HttpClient anyone)
    {
        var cut = TimeProvider.System.GetUtcNow();
        await PlantAsync(client, 2);
        await Eventually.IsTrueAsync("it is said", Limit, async () => await anyone.GetStringAsync("/healthz/ready") == "degraded");
        while (TimeProvider.System.GetUtcNow() - cut < Outage)
        {
            var services = await client.GetFromJsonAsync<JsonElement>("/api/health/services");
            var search = services.GetProperty("items").EnumerateArray().Single(service => service.GetProperty("service").GetString() == "OpenSearch");
            Assert.Equal("problem", search.GetProperty("status").GetString());
            using var alerts = await client.GetAsync("/api/alerts");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, alerts.StatusCode);
            // What is still shown is dated: nothing of it is newer than the cut, give or take what was under way.
            using var fleet = await client.GetAsync("/api/fleet");
            if (fleet.StatusCode == HttpStatusCode.OK)
            {
                Assert.InRange((await fleet.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("asOf").GetDateTimeOffset(), DateTimeOffset.MinValue, cut.AddSeconds(3));
            }

            await Task.Delay(500);
        }
    }

    // Nobody gets in unwritten: signing in waits for the audit.
    private static async Task<HttpClient> SignInWhenItCanBeWrittenDownAsync(RunningProduct product) =>
        await Eventually.GetAsync<HttpClient>("somebody can sign in", Limit, async () =>
        {
            try
            {
                return await product.SignInAsync("operator", "Operator One");
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });

    private static async Task<int> OpenAlertsAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/alerts?state=unacknowledged&limit=10")).GetProperty("items").GetArrayLength();

    private static async Task PlantAsync(HttpClient client, int seed)
    {
        foreach (var kind in new[] { "hotAxleBox", "wheelFlat", "brakePipeLeak" })
        {
            using var answer = await client.PostAsJsonAsync("/api/demo/faults", new { trainId = (string?)null, kind, seed });
            Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.ServiceUnavailable, answer.StatusCode.ToString());
        }
    }
}
