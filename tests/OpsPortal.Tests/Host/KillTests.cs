using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Tests.Host;

/// <summary>The whole product, killed in mid-run again and again: afterwards everything is counted.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static int Kills => Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 20 : 5;

    [Fact]
    public async Task Killed_and_started_again_it_loses_nothing_and_doubles_nothing()
    {
        await using var product = await RunningProduct.StartAsync(("Trains:Count", "40"), ("Trains:FaultsPerHour", "0"), ("Trains:Seed", "11"), ("Trains:History", "00:06:00"), ("Pipeline:SnapshotEvery", "00:00:04"));
        using (var client = await product.SignInAsync("operator", "Operator One"))
        {
            await FleetCount.WarmUpAsync(client, 40 * 310);
        }

        var chance = new Random(5);
        var confirmed = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var life = 0; life < Kills; life++)
        {
            using (var client = await product.SignInAsync("operator", "Operator One"))
            {
                await PlantAsync(client, life);
                await AcknowledgeForAWhileAsync(client, confirmed, TimeSpan.FromSeconds(1 + (chance.NextDouble() * 4)));
            }

            await product.KillAsync();
            await product.StartAgainAsync();
        }

        using (var client = await product.SignInAsync("operator", "Operator One"))
        {
            await AcknowledgementsAreThereAsync(client, confirmed);
        }

        Assert.Equal(0, await product.StopAsync());
        await product.StartAgainAsync(("Parts", "Portal,Detector"));
        using (var client = await product.SignInAsync("operator", "Operator One"))
        {
            await FleetCount.DrainAsync(client);
            output.WriteLine($"{Kills} kills; acknowledgements confirmed {confirmed.Count}; {await FleetCount.NothingLostOrDoubledAsync(client, product)}");
        }
    }

    private static async Task PlantAsync(HttpClient client, int life)
    {
        foreach (var kind in new[] { "hotAxleBox", "wheelFlat", "hotAxleBox" })
        {
            using var answer = await client.PostAsJsonAsync("/api/demo/faults", new { trainId = (string?)null, kind, seed = life });
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>At least this long, and until something new was acknowledged: then the kill comes at any instant of what follows from it.</summary>
    private static async Task AcknowledgeForAWhileAsync(HttpClient client, Dictionary<string, string> confirmed, TimeSpan howLong)
    {
        var (start, before) = (Environment.TickCount64, confirmed.Count);
        while (Environment.TickCount64 - start < howLong.TotalMilliseconds || (confirmed.Count == before && Environment.TickCount64 - start < 60_000))
        {
            var open = await client.GetFromJsonAsync<JsonElement>("/api/alerts?state=unacknowledged&limit=3");
            foreach (var id in open.GetProperty("items").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()!))
            {
                var note = $"seen, number {confirmed.Count}";
                using var answer = await client.PostAsJsonAsync($"/api/alerts/{id}/acknowledge", new { note });
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Assert.True(confirmed.TryAdd(id, note), $"{id} could be acknowledged twice");
                }
            }

            await Task.Delay(50);
        }
    }

    private static async Task AcknowledgementsAreThereAsync(HttpClient client, Dictionary<string, string> confirmed)
    {
        Assert.NotEmpty(confirmed);
        foreach (var (id, note) in confirmed)
        {
            await Eventually.IsTrueAsync($"the train of {id} reports the acknowledgement, or is offline", Limit, async () =>
            {
                var alert = await client.GetFromJsonAsync<JsonElement>($"/api/alerts/{id}");
                Assert.Equal(note, alert.GetProperty("acknowledgement").GetProperty("note").GetString());
                Assert.Single(alert.GetProperty("history").EnumerateArray(), act => act.GetProperty("act").GetString() == "acknowledge");
                Assert.True(alert.GetProperty("history").EnumerateArray().Count(act => act.GetProperty("act").GetString() == "reported") <= 1);
                if (alert.GetProperty("delivery").GetProperty("stage").GetString() == "reported")
                {
                    return true;
                }

                var train = await client.GetFromJsonAsync<JsonElement>($"/api/trains/{alert.GetProperty("trainId").GetString()}");
                return train.GetProperty("connectivity").GetString() == "offline";
            });
        }
    }
}
