using System.Buffers;
using System.Globalization;
using System.Text;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using Xunit.Abstractions;

namespace OpsPortal.Tests.Simulated.Faults;

/// <summary>Trains and detector together: what is planted is what is found.</summary>
public sealed class FaultDetectionTests(ITestOutputHelper output)
{
    private const int WarmUpSeconds = 600;

    // A train stands at a station for half a minute only: standing and starting are known after some stops.
    private const int DoorWarmUpSeconds = 3000;
    private const int SeedsPerKind = 8;

    // The history that a first start makes up for, and the seconds until somebody plants.
    private const int JustStartedSeconds = 345;
    private const int SecondsOfDay = 86_400;
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private static readonly long Midnight = new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Theory]
    [InlineData("hotAxleBox")]
    [InlineData("brakePipeLeak")]
    [InlineData("wheelFlat")]
    [InlineData("compressorOverrun")]
    [InlineData("oilTemperatureCreep")]
    [InlineData("pantographForceLoss")]
    [InlineData("slowDoor")]
    [InlineData("hvacOverload")]
    public async Task A_planted_fault_raises_an_alert_within_a_minute_that_names_its_sensor_first(string kind)
    {
        var found = 0;
        for (var seed = 1; seed <= SeedsPerKind; seed++)
        {
            found += await IsFoundAsync(kind, seed) ? 1 : 0;
        }

        // A forest is chance too: one in eight may take longer than a minute.
        Assert.InRange(found, SeedsPerKind - 1, SeedsPerKind);
    }

    [Theory]
    [InlineData("hotAxleBox", 12)]
    [InlineData("brakePipeLeak", 36)]
    [InlineData("wheelFlat", 24)]
    public async Task On_a_fleet_that_has_only_just_started_a_train_is_chosen_whose_detector_can_tell_at_any_time_of_day(string kind, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var start = Midnight + (time * SecondsOfDay / times);
            Assert.True(await IsFoundAsync(kind, time, start, JustStartedSeconds, since: start), $"{kind}, started at {DateTimeOffset.FromUnixTimeSeconds(start):HH:mm:ss}");
        }
    }

    [Fact]
    public async Task A_sensor_that_says_nothing_is_no_anomaly()
    {
        // What is not measured cannot be judged; that it is missing shows in the age of its last reading.
        for (var seed = 1; seed <= 3; seed++)
        {
            Assert.False(await IsFoundAsync("sensorDropOut", seed));
        }
    }

    private Task<bool> IsFoundAsync(string kind, int seed) => IsFoundAsync(kind, seed, Start, kind == "slowDoor" ? DoorWarmUpSeconds : WarmUpSeconds, since: 0);

    private async Task<bool> IsFoundAsync(string kind, int seed, long start, int warmUpSeconds, long since)
    {
        var (planted, alert) = await PlantAsync(kind, seed, start, warmUpSeconds, since);
        var after = alert is null ? "nothing" : $"{(alert.LastAnomalyAt - planted.Start).TotalSeconds:0} s, {alert.Explanation}";
        output.WriteLine($"{planted.TrainId} {planted.Sensor}: {after}");
        return alert?.Shares[0].Sensor == planted.Sensor;
    }

    private static async Task<(PlantedFault Planted, AlertEpisodeSeen? Alert)> PlantAsync(string kind, int seed, long start, int warmUpSeconds, long since)
    {
        var path = Path.GetTempFileName();
        using var truth = new TruthFile(path);
        var fleet = new SimulatedFleet(FleetMaker.Make(NetworkFile.ReadEmbedded(), 120, 1)) { LastSecond = start + warmUpSeconds, KnownSince = since };
        var planted = await new FaultPlanter(fleet, truth, 1).PlantAsync(null, kind, seed, CancellationToken.None);
        File.Delete(path);
        return (planted, Watch(fleet.Find(planted.TrainId)!, planted, start));
    }

    private static AlertEpisodeSeen? Watch(SimulatedTrain train, PlantedFault planted, long start)
    {
        var detector = new TrainDetector(train.Registered, new DetectorOptions());
        using var writer = new TelemetryWriter();
        var buffer = new ArrayBufferWriter<byte>();
        train.WarmUp(start);
        for (var second = start; second <= planted.Start.ToUnixTimeSeconds() + 60; second++)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(second);
            buffer.ResetWrittenCount();
            writer.Write(buffer, train, train.MotionAt(second), second, second, Encoding.UTF8.GetBytes(at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
            var result = detector.Detect(TelemetryParser.Parse(buffer.WrittenMemory, at).Message!, at, second, late: false);
            if (at >= planted.Start && result.Changes.FirstOrDefault(change => change.Episode.Shares[0].Sensor == planted.Sensor) is { } change)
            {
                return new AlertEpisodeSeen(change.Episode.LastAnomalyAt, change.Episode.Explanation, change.Episode.Shares);
            }
        }

        return null;
    }

    private sealed record AlertEpisodeSeen(DateTimeOffset LastAnomalyAt, string Explanation, IReadOnlyList<SensorShare> Shares);
}
