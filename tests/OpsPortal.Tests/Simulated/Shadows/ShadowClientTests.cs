using System.Globalization;
using System.Text.Json.Nodes;
using OpsPortal.Adapters.Simulated.Shadows;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Simulated.Shadows;

public sealed class ShadowClientTests
{
    private const string Name = "operations";

    // The only train of a fleet of one.
    private const string Train = "390-036";

    [Fact]
    public async Task A_train_gets_its_shadow_when_it_connects_and_reports_with_its_own_time()
    {
        await using var bench = new TrainsBench(("Trains:Count", "1"));
        await DesireAsync(bench, Train, "alert-1");
        await bench.StartAsync();
        await bench.RunUntilAsync(() => Reported(bench, Train, "alert-1"), TimeSpan.FromSeconds(30));

        var shadow = await ShadowAsync(bench, Train);

        Assert.Empty(shadow.Delta);
        Assert.True(OperationsShadow.Reported(shadow, "alert-1").Reported);
        Assert.InRange(OperationsShadow.Reported(shadow, "alert-1").TrainTime!.Value, bench.Time.GetUtcNow().AddMinutes(-1), bench.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_connected_train_hears_what_is_desired_and_forgets_what_no_longer_is()
    {
        await using var bench = new TrainsBench(("Trains:Count", "1"));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Shadows.Listening.Any() && bench.Shadows.Gets > 0, TimeSpan.FromSeconds(30));

        await DesireAsync(bench, Train, "alert-1");
        await TrainsBench.WaitForAsync(() => Reported(bench, Train, "alert-1"));
        await bench.Shadows.UpdateAsync(Train, Name, new ShadowChange(Entry("alert-1", null), null), CancellationToken.None);
        await DesireAsync(bench, Train, "alert-2");
        await TrainsBench.WaitForAsync(() => Reported(bench, Train, "alert-2"));

        var reported = (await ShadowAsync(bench, Train)).Reported;
        Assert.Equal(["alert-2"], ((JsonObject)reported["acknowledgements"]!).Select(entry => entry.Key));
        Assert.Equal(["alert-2"], ((JsonObject)reported["received"]!).Select(entry => entry.Key));
    }

    [Fact]
    public async Task What_is_desired_while_a_train_is_in_a_tunnel_is_applied_when_it_is_out()
    {
        await using var bench = new TrainsBench(("Trains:Count", "1"));
        bench.UseMole();
        await bench.StartAsync();
        var train = bench.Get<SimulatedFleet>().Trains[0].Id;
        await bench.RunUntilAsync(() => bench.Source.Story(train) is [.., "disconnected"], TimeSpan.FromMinutes(10));
        await TrainsBench.WaitForAsync(() => !bench.Shadows.Listening.Any());

        await DesireAsync(bench, train, "alert-1");
        for (var second = 0; second < 10; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.True(bench.Source.Story(train) is [.., "disconnected"]);
        Assert.False(Reported(bench, train, "alert-1"));
        await bench.RunUntilAsync(() => Reported(bench, train, "alert-1"), TimeSpan.FromMinutes(5));
        Assert.Contains("connected", bench.Source.Story(train).SkipWhile(word => word != "disconnected"));
    }

    [Fact]
    public async Task A_refused_report_is_tried_again()
    {
        await using var bench = new TrainsBench(("Trains:Count", "1"));
        await DesireAsync(bench, Train, "alert-1");
        bench.Shadows.Refuse = 3;
        await bench.StartAsync();

        // The client runs beside the clock that is moved here: on a busy machine minutes of that clock pass while it waits for its turn.
        await bench.RunUntilAsync(() => Reported(bench, Train, "alert-1"), TimeSpan.FromMinutes(30));

        Assert.Equal(0, bench.Shadows.Refuse);
    }

    [Fact]
    public async Task Nobody_polls_a_shadow()
    {
        await using var bench = new TrainsBench(("Trains:Count", "5"));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count > 5 * 120, TimeSpan.FromMinutes(5));

        Assert.InRange(bench.Shadows.Gets, 5, 8);
    }

    [Fact]
    public void Waits_double_up_to_half_a_minute_and_differ_between_trains()
    {
        var retry = new ShadowRetry(TimeProvider.System, 1);

        Assert.InRange(retry.Wait("a", 1), TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500));
        Assert.InRange(retry.Wait("a", 4), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        Assert.InRange(retry.Wait("a", 1_000_000), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        Assert.Equal(50, Enumerable.Range(0, 50).Select(train => retry.Wait($"train-{train}", 20)).Distinct().Count());
    }

    private static JsonObject Entry(string alertId, JsonNode? value) => new() { ["acknowledgements"] = new JsonObject { [alertId] = value } };

    private static async Task DesireAsync(TrainsBench bench, string train, string alertId)
    {
        var at = bench.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var value = new JsonObject { ["by"] = "Operator One", ["at"] = at, ["v"] = 1 };
        await bench.Shadows.UpdateAsync(train, Name, new ShadowChange(Entry(alertId, value), null), CancellationToken.None);
    }

    private static async Task<DeviceShadow> ShadowAsync(TrainsBench bench, string train) => (await bench.Shadows.GetAsync(train, Name, CancellationToken.None))!;

    private static bool Reported(TrainsBench bench, string train, string alertId) => bench.Shadows.IsReported(train, alertId);
}
