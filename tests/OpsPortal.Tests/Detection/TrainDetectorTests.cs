using System.Collections.Frozen;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Detection;

public sealed class TrainDetectorTests
{
    private const int Warm = 900;

    [Theory]
    [InlineData("hot box", PractiseTrain.HotBox, "axleBox", 1)]
    [InlineData("leak", PractiseTrain.BrakePipe, "brakes", 2)]
    [InlineData("flat", PractiseTrain.Vibration, "bogie", 3)]
    public void A_planted_fault_raises_one_alert_within_a_minute_and_names_its_sensor(string fault, string sensor, string subsystem, int seed)
    {
        var (train, watch) = Warmed((ulong)seed);
        var start = Plant(train, fault, sensor, 300);
        watch.Changes.Clear();

        watch.See(train, 300 + 150);

        var raised = Assert.Single(watch.Raised, change => change.Subsystem == subsystem);
        Assert.InRange((raised.Episode.LastAnomalyAt - PractiseTrain.Start.AddSeconds(start)).TotalSeconds, 0, 60);
        Assert.Equal(sensor, raised.Episode.Shares[0].Sensor);
        var last = watch.Changes.Last(change => change.AlertId == raised.AlertId);
        Assert.Equal(sensor, last.Episode.Shares[0].Sensor);
        Assert.NotNull(last.Episode.ClearedAt);
        Assert.True(last.Episode.Severity >= Severity.Warning);
        Assert.Equal(watch.Anomalies.Count(anomaly => anomaly.Subsystem == subsystem && anomaly.MeasuredAt >= raised.Episode.RaisedAt), last.Episode.Count);
    }

    [Fact]
    public void An_explanation_says_what_was_seen_and_what_was_expected()
    {
        var (train, watch) = Warmed(1);
        Plant(train, "hot box", PractiseTrain.HotBox, 300);

        watch.See(train, 60);

        var share = watch.Changes[^1].Episode.Shares[0];
        Assert.Equal((Direction.High, "°C"), (share.Direction, share.Unit));
        Assert.InRange(share.Observed - share.Expected, 15, 45);
        Assert.Matches(@"^Axle box 3-2 right \d+(\.\d)? °C, expected \d+(\.\d)?; \d+ % of the score", watch.Changes[^1].Episode.Explanation);
        Assert.All(watch.Anomalies, anomaly => Assert.InRange(anomaly.Shares.Sum(part => part.Share), 0, 1 + 1e-9));
        Assert.All(watch.Anomalies, anomaly => Assert.InRange(anomaly.Grade, double.Epsilon, 1));
    }

    [Fact]
    public void Three_healthy_train_hours_from_station_to_station_raise_no_alert()
    {
        for (var seed = 40; seed < 43; seed++)
        {
            var (train, watch) = Warmed((ulong)seed);
            watch.Changes.Clear();

            watch.See(train, 3_600);

            Assert.Empty(watch.Raised);
        }
    }

    [Fact]
    public void One_spike_is_an_anomaly_but_no_alert()
    {
        var (train, watch) = Warmed(5);
        var spike = train.Second;
        train.Fault = (second, sensor) => second == spike && sensor == PractiseTrain.HotBox ? 60 : 0;
        watch.Changes.Clear();

        Assert.Equal("axleBox", watch.See(train.Next()).Anomaly?.Subsystem);
        watch.See(train, 60);

        Assert.Empty(watch.Raised);
    }

    [Fact]
    public void Silence_clears_nothing_only_messages_do()
    {
        var (train, watch) = Warmed(1);
        var start = Plant(train, "hot box", PractiseTrain.HotBox, 120);
        watch.See(train, 100);
        var alert = watch.Raised.Last();

        // The train runs on unheard for an hour, the fault is long gone.
        for (var second = 0; second < 3_600; second++)
        {
            train.Next();
        }

        watch.See(train, 55);
        Assert.DoesNotContain(watch.Changes, change => change.AlertId == alert.AlertId && change.Episode.ClearedAt is not null);
        watch.See(train, 30);
        Assert.Contains(watch.Changes, change => change.AlertId == alert.AlertId && change.Episode.ClearedAt is not null);
    }

    [Fact]
    public void An_alert_is_late_while_all_its_anomalies_are()
    {
        var (train, watch) = Warmed(1);
        Plant(train, "hot box", PractiseTrain.HotBox, 200);

        watch.See(train, 60, late: true);
        Assert.True(watch.Raised.Last().Episode.Late);
        Assert.True(watch.Changes[^1].Episode.Late);

        watch.See(train, 1);
        Assert.False(watch.Changes[^1].Episode.Late);
    }

    [Fact]
    public void An_alerts_changes_are_numbered_and_growth_is_told_sparingly()
    {
        var (train, watch) = Warmed(1);
        Plant(train, "hot box", PractiseTrain.HotBox, 200);
        watch.Changes.Clear();

        watch.See(train, 320);

        var changes = watch.Changes.Where(change => change.Subsystem == "axleBox").ToList();
        Assert.Equal(Enumerable.Range(1, changes.Count).Select(number => (long)number), changes.Select(change => change.Episode.Number));
        Assert.InRange(changes.Count, 10, (200 / 5) + 8);
        Assert.Single(changes.Select(change => change.AlertId).Distinct());
        Assert.True(changes.Zip(changes.Skip(1)).All(pair => pair.First.Episode.Severity <= pair.Second.Episode.Severity));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Warm + 45)]
    [InlineData(Warm + 300)]
    public void A_detector_written_and_read_in_mid_stream_finds_the_same_things(int cut)
    {
        var (unbroken, restarted) = (new Watch(), new Watch());
        var (one, other) = (new PractiseTrain(1), new PractiseTrain(1));
        foreach (var train in new[] { one, other })
        {
            train.Fault = (second, sensor) => second is > Warm and < Warm + 240 && sensor == PractiseTrain.HotBox ? 30 : 0;
        }

        unbroken.See(one, Warm + 700);
        restarted.See(other, cut);
        restarted.Detector = TrainDetector.Read(PractiseTrain.Registered, new DetectorOptions(), restarted.Detector.ToBytes());
        restarted.See(other, Warm + 700 - cut);

        Assert.Equal(unbroken.Anomalies.Select(Facts), restarted.Anomalies.Select(Facts));
        Assert.Equal(unbroken.Changes.Select(Facts), restarted.Changes.Select(Facts));
        Assert.Equal(unbroken.Detector.ToBytes(), restarted.Detector.ToBytes());
        Assert.NotEmpty(unbroken.Changes);
    }

    [Fact]
    public void Another_seed_finds_the_same_fault_with_other_scores()
    {
        var found = new[] { 1UL, 2UL }.Select(seed =>
        {
            var (watch, train) = (new Watch(new DetectorOptions { Seed = seed }), new PractiseTrain(1));
            watch.See(train, Warm);
            Plant(train, "hot box", PractiseTrain.HotBox, 100);
            watch.See(train, 60);
            return watch.Raised.Last();
        }).ToArray();

        Assert.Equal(found[0].Subsystem, found[1].Subsystem);
        Assert.NotEqual(found[0].Episode.PeakScore, found[1].Episode.PeakScore);
    }

    [Fact]
    public void Messages_measured_before_one_already_seen_change_nothing()
    {
        var (train, watch) = Warmed(1);
        var (twin, other) = Warmed(1);
        var old = twin.Next();
        other.See(old);
        watch.See(train.Next());
        for (var i = 1; i < 20; i++)
        {
            Assert.Equal(DetectionResult.Nothing, watch.See(old with { MeasuredAt = old.MeasuredAt.AddSeconds(-i) }));
        }

        watch.See(train, 200);
        other.See(twin, 200);

        Assert.Equal(19, watch.Detector.OutOfOrder);
        Assert.Equal(other.Anomalies.Select(Facts), watch.Anomalies.Select(Facts));
    }

    [Fact]
    public void A_clock_that_was_set_back_is_followed()
    {
        var (train, watch) = Warmed(1);
        Plant(train, "hot box", PractiseTrain.HotBox, 400);
        watch.Changes.Clear();
        for (var i = 0; i < 100; i++)
        {
            var message = train.Next();
            watch.See(message with { MeasuredAt = message.MeasuredAt.AddHours(-1) });
        }

        Assert.Contains(watch.Raised, change => change.Subsystem == "axleBox");
    }

    [Fact]
    public void A_missing_sensor_keeps_its_last_value_and_raises_nothing()
    {
        var (train, watch) = Warmed(6);
        watch.Changes.Clear();
        for (var i = 0; i < 200; i++)
        {
            watch.See(Without(train.Next(), PractiseTrain.OtherBox));
        }

        Assert.Empty(watch.Raised);
    }

    [Fact]
    public void A_sensor_that_turns_up_later_is_learnt_and_watched()
    {
        var (train, watch) = (new PractiseTrain(1), new Watch());
        for (var i = 0; i < Warm; i++)
        {
            watch.See(Without(train.Next(), PractiseTrain.HotBox));
        }

        Assert.DoesNotContain(PractiseTrain.HotBox, watch.Detector.Sensors);
        watch.See(train, Warm);
        Assert.Contains(PractiseTrain.HotBox, watch.Detector.Sensors);

        Plant(train, "hot box", PractiseTrain.HotBox, 100);
        watch.See(train, 60);
        Assert.Equal(PractiseTrain.HotBox, watch.Raised.Last().Episode.Shares[0].Sensor);
    }

    [Fact]
    public void Rare_messages_are_watched_as_well()
    {
        var slow = PractiseTrain.Registered with { ExpectedInterval = TimeSpan.FromSeconds(10) };
        var (train, watch) = (new PractiseTrain(1), new Watch(new TrainDetector(slow, new DetectorOptions())));
        train.Fault = (second, sensor) => second is > 9_000 and < 9_300 && sensor == PractiseTrain.HotBox ? 35 : 0;
        for (var second = 0; second < 9_600; second++)
        {
            var message = train.Next();
            if (second % 10 == 0)
            {
                watch.See(message);
            }
        }

        var raised = Assert.Single(watch.Raised, change => change.Episode.RaisedAt >= PractiseTrain.Start.AddSeconds(9_000));
        Assert.Equal(PractiseTrain.HotBox, raised.Episode.Shares[0].Sensor);
        Assert.NotNull(watch.Changes[^1].Episode.ClearedAt);
    }

    [Fact]
    public void Odd_messages_break_nothing()
    {
        var (train, watch) = Warmed(1);
        foreach (var value in new[] { double.NaN, double.PositiveInfinity, double.MaxValue, double.MinValue, double.Epsilon, -0.0 })
        {
            var message = train.Next();
            watch.See(message with { Readings = message.Readings.ToFrozenDictionary(reading => reading.Key, _ => value) });
        }

        watch.See(train.Next() with { Readings = FrozenDictionary<string, double>.Empty, Position = null });
        watch.See(train, 30);
        Assert.All(watch.Anomalies, anomaly => Assert.True(double.IsFinite(anomaly.Score)));
    }

    [Fact]
    public void Foreign_damaged_and_outdated_states_are_refused_with_a_reason()
    {
        var options = new DetectorOptions();
        var (train, watch) = Warmed(1);
        var bytes = watch.Detector.ToBytes().ToArray();
        var other = PractiseTrain.Registered with { Identity = PractiseTrain.Registered.Identity with { Id = "390-043" } };

        Assert.Contains("390-042", Refused(() => TrainDetector.Read(other, options, bytes)), StringComparison.Ordinal);
        Assert.Contains("options", Refused(() => TrainDetector.Read(PractiseTrain.Registered, new DetectorOptions { Seed = 9 }, bytes)), StringComparison.Ordinal);
        Assert.Contains("version", Refused(() => TrainDetector.Read(PractiseTrain.Registered, options, new byte[100])), StringComparison.Ordinal);
        Assert.Contains("version", Refused(() => TrainDetector.Read(PractiseTrain.Registered, options, default)), StringComparison.Ordinal);
        bytes[bytes.Length / 2] ^= 1;
        Assert.Contains("check sum", Refused(() => TrainDetector.Read(PractiseTrain.Registered, options, bytes)), StringComparison.Ordinal);
    }

    private static string Refused(Func<object> read) => Assert.Throws<InvalidDataException>(() => read()).Message;

    private static (PractiseTrain Train, Watch Watch) Warmed(ulong seed)
    {
        var (train, watch) = (new PractiseTrain(seed), new Watch());
        watch.See(train, Warm);
        return (train, watch);
    }

    // Plants from the next moment on at which the train has run for a while; the fault comes over twenty seconds.
    private static int Plant(PractiseTrain train, string fault, string sensor, int seconds)
    {
        var start = train.Second;
        train.Fault = (second, id) =>
        {
            var ramp = Math.Clamp((second - start) / 20.0, 0, 1);
            return second < start || second > start + seconds || id != sensor ? 0 : fault switch
            {
                "hot box" => 32 * ramp,
                "leak" => -2 * ramp,
                _ => train.Moving ? 2.2 * ramp : 0,
            };
        };
        return start;
    }

    private static TelemetryMessage Without(TelemetryMessage message, string sensor) =>
        message with { Readings = message.Readings.Where(reading => reading.Key != sensor).ToFrozenDictionary() };

    private static string Facts(Anomaly anomaly) => $"{anomaly.Id} {anomaly.Score:R} {anomaly.Grade:R} {string.Join(' ', anomaly.Shares)}";

    private static string Facts(AlertChange change) => $"{change.AlertId} {change.Episode with { Shares = [] }} {string.Join(' ', change.Episode.Shares)}";
}
