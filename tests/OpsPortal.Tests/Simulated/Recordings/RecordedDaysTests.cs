using System.Globalization;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>The recorded-data tier: each recording played to its end, an hour a second on a clock moved by hand. Values were written down by hand from the files. MetroPT is in <see cref="RecordingTests"/>.</summary>
public sealed class RecordedDaysTests
{
    private static readonly (string At, string Sensor, double Value)[] Skab =
    [
        ("2020-02-08 13:30:47", "pumpPressure.car1", 0.382638),
        ("2020-02-08 13:32:07", "motorTemperature.car1", 90.9202),
        ("2020-02-08 13:39:32", "vibration.car1.first", 0.201785),
        ("2020-02-08 13:55:05", "vibration.car1.second", 0.274833),
        ("2020-02-08 13:55:36", "vibration.car1.second", 0.273504),
        ("2020-02-08 14:27:51", "motorVoltage.car1", 243.37),
        ("2020-02-08 14:39:03", "vibration.car1.second", 0.265852),
        ("2020-02-08 14:45:00", "motorTemperature.car1", 88.8345),
        ("2020-02-08 14:52:06", "motorVoltage.car1", 226.692),
        ("2020-02-08 14:56:44", "vibration.car1.second", 0.267336),
        ("2020-02-08 15:02:49", "vibration.car1.first", 0.216427),
        ("2020-02-08 15:05:57", "vibration.car1.first", 0.210373),
        ("2020-02-08 15:28:58", "pumpPressure.car1", 0.054711),
        ("2020-02-08 15:38:37", "pumpPressure.car1", 0.382638),
        ("2020-02-08 15:43:25", "vibration.car1.first", 0.211921),
        ("2020-02-08 15:45:20", "flowRate.car1", 124.676),
        ("2020-02-08 15:55:35", "motorVoltage.car1", 229.005),
        ("2020-02-08 16:01:04", "motorVoltage.car1", 227.626),
        ("2020-02-08 16:10:16", "motorVoltage.car1", 205.528),
        ("2020-02-08 16:16:47", "vibration.car1.second", 0.270046),
    ];

    // Speed in m/s, as in the file.
    private static readonly (string Vehicle, string At, double Latitude, double Longitude, double Speed)[] Austin =
    [
        ("10105", "2017-03-16T00:28:01-05:00", 30.265057, -97.739044, 0.0),
        ("10101", "2017-03-16T00:28:58-05:00", 30.418947, -97.70747, 19.66976),
        ("10101", "2017-03-16T00:33:58-05:00", 30.37811, -97.72067, 19.66976),
        ("10102", "2017-03-16T02:27:33-05:00", 30.264975, -97.7392, 0.0),
        ("11101", "2017-03-16T02:28:10-05:00", 30.5331, -97.831604, 26.8224),
        ("5019", "2017-03-16T05:24:10-05:00", 30.35787, -97.70006, 14.30528),
        ("10102", "2017-03-16T05:28:55-05:00", 30.47414, -97.75184, 21.90496),
        ("2302", "2017-03-16T05:58:48-05:00", 30.35281, -97.73445, 14.75232),
        ("11105", "2017-03-16T06:23:32-05:00", 30.40099, -97.71298, 18.32864),
        ("2221", "2017-03-16T06:23:54-05:00", 30.231976, -97.72501, 15.19936),
        ("11102", "2017-03-16T06:44:28-05:00", 30.476643, -97.73619, 17.43456),
        ("9123", "2017-03-16T06:48:56-05:00", 30.264866, -97.74781, 9.38784),
        ("2051", "2017-03-16T07:00:45-05:00", 30.358503, -97.68888, 0.0),
        ("2377", "2017-03-16T07:05:23-05:00", 30.295666, -97.78385, 0.0),
        ("8937", "2017-03-16T07:23:30-05:00", 30.299652, -97.71162, 10.72896),
        ("10102", "2017-03-16T07:57:50-05:00", 30.380062, -97.7196, 19.22272),
        ("2603", "2017-03-16T08:02:48-05:00", 30.300726, -97.73933, 8.9408),
        ("2401", "2017-03-16T08:06:31-05:00", 30.278395, -97.72973, 10.28192),
        ("10101", "2017-03-16T08:09:40-05:00", 30.330536, -97.71605, 15.19936),
        ("2066", "2017-03-16T09:31:13-05:00", 30.240198, -97.760826, 8.9408),
    ];

    private static readonly (string Train, string At, double Latitude, double Longitude)[] Ireland =
    [
        ("D841", "2025-09-23T00:05:02Z", 53.712, -6.33538),
        ("A103", "2025-09-23T07:48:02Z", 53.6118, -6.18226),
        ("A707", "2025-09-23T07:53:02Z", 53.3602, -7.79847),
        ("A112", "2025-09-23T12:47:02Z", 54.0007, -6.41291),
        ("E231", "2025-09-23T12:48:03Z", 53.3433, -6.24829),
        ("E230", "2025-09-23T13:04:03Z", 53.2878, -6.12712),
        ("A225", "2025-09-23T13:15:03Z", 53.3334, -6.40628),
        ("E827", "2025-09-23T13:54:02Z", 53.2557, -6.11317),
        ("A221", "2025-09-23T13:59:02Z", 53.3334, -6.40628),
        ("A217", "2025-09-23T14:55:03Z", 53.334, -6.37868),
        ("E831", "2025-09-23T15:26:03Z", 53.2878, -6.12712),
        ("D320", "2025-09-23T15:57:03Z", 53.3509, -6.23929),
        ("D416", "2025-09-23T16:14:03Z", 53.3632, -6.25908),
        ("A912", "2025-09-23T19:01:02Z", 54.0887, -8.52088),
        ("D833", "2025-09-23T19:19:02Z", 53.347, -6.25425),
        ("P667", "2025-09-23T19:36:03Z", 53.3433, -6.24829),
        ("E845", "2025-09-23T21:10:02Z", 53.3786, -6.19131),
        ("A231", "2025-09-23T21:15:03Z", 52.8999, -7.60259),
        ("E131", "2025-09-23T21:37:02Z", 53.2043, -6.10046),
        ("D841", "2025-09-23T23:55:02Z", 53.712, -6.33538),
    ];

    [RecordedDataFact]
    public async Task SKAB_is_a_pump_whose_every_row_is_played()
    {
        await using var bench = await PlayAsync("sensors", "skab", "anomaly-free", "anomaly-free.csv");

        var report = AllRowsAreAccountedFor(bench, 9405, 9405);
        var messages = bench.Source.Messages(bench.Time.GetUtcNow()).ToDictionary(message => message.OriginalMeasuredAt!.Value);
        Assert.Equal(("skab-anomaly-free-anomaly-free", 0), (report.TrainId, report.BadValues));
        Assert.All(messages.Values, message => Assert.Equal(8, message.Readings.Count));
        Assert.All(Skab, written => Assert.Equal(written.Value, messages[Time(written.At + "Z")].Readings[written.Sensor]));
        Assert.All(bench.Registry.Trains[0].Sensors!.Values, sensor => Assert.Equal("pump", sensor.Subsystem));
    }

    [RecordedDataFact]
    public async Task A_SKAB_experiment_with_label_columns_is_read_by_the_same_descriptor()
    {
        await using var bench = await PlayAsync("sensors", "skab", "valve1", "0.csv");

        Assert.Equal("skab-valve1-0", AllRowsAreAccountedFor(bench, 1147, 1147).TrainId);
        Assert.All(bench.Source.Messages(bench.Time.GetUtcNow()), message => Assert.DoesNotContain("anomaly", message.Readings.Keys));
    }

    [RecordedDataFact]
    public async Task CapMetros_trains_stay_on_their_line_and_no_vehicle_is_shown_at_the_instruments_word_for_unknown()
    {
        await using var bench = await PlayAsync("movements", "capmetro", "vehicle_positions_2017-03-16.csv.gz");

        var report = AllRowsAreAccountedFor(bench, 36_271, 36_271);
        Assert.Equal((277, 10, 2), (report.Trains, report.BadValues, report.BadPositions));
        var parsed = bench.Source.Parse(bench.Time.GetUtcNow());
        Assert.Equal(2, parsed.Count(message => message.BadPosition));
        var messages = parsed.Select(message => message.Message!).ToDictionary(message => (message.TrainId, message.OriginalMeasuredAt!.Value));
        Assert.All(messages.Values, message => Assert.True(message.Position?.SpeedKmh is null or < 150, $"{message.TrainId} at {message.Position?.SpeedKmh} km/h"));
        Assert.All(Austin, written =>
        {
            var position = messages[($"capmetro-{written.Vehicle}", Time(written.At))].Position!;
            Assert.Equal((written.Latitude, written.Longitude), (position.Latitude, position.Longitude));
            Assert.Equal(written.Speed * 3.6, position.SpeedKmh!.Value, 6);
        });
        var rail = bench.Registry.Trains.Where(train => train.Identity.Class == "MetroRail").Select(train => train.Identity.Id).ToHashSet();
        var onRail = messages.Values.Where(message => rail.Contains(message.TrainId)).ToList();
        Assert.Equal((8, 1949), (rail.Count, onRail.Count));
        Assert.All(onRail, message => Assert.InRange(RedLine.KmFrom(message.Position!.Latitude, message.Position.Longitude), 0, 0.25));
    }

    [RecordedDataFact]
    public async Task The_Irish_day_is_played_whole_and_nobody_is_at_0_0()
    {
        await using var bench = await PlayAsync("movements", "irish-rail", "positions_2025-09-23.csv.gz");

        var report = AllRowsAreAccountedFor(bench, 81_579, 63_386);
        Assert.Equal(new Dictionary<string, long> { ["ended"] = 5_651, ["notRunningYet"] = 12_542 }, report.SetAside.ToDictionary());
        Assert.Equal((694, 4_719), (report.Trains, report.BadPositions));
        var parsed = bench.Source.Parse(bench.Time.GetUtcNow());
        Assert.Equal((63_386, 4_719), (parsed.Count, parsed.Count(message => message.BadPosition)));
        var messages = parsed.Select(message => message.Message!).ToDictionary(message => (message.TrainId, message.OriginalMeasuredAt!.Value));
        Assert.All(messages.Values.Where(message => message.Position is not null), message =>
        {
            Assert.InRange(message.Position!.Latitude, 51.4, 55.4);
            Assert.InRange(message.Position.Longitude, -10.5, -5.4);
            // Between reporting points a train's speed is nobody's knowledge.
            Assert.Null(message.Position.SpeedKmh);
        });
        Assert.All(Ireland, written => Assert.Equal((written.Latitude, written.Longitude), Place(messages[($"irish-{written.Train}", Time(written.At))])));
        // Before midnight's train ended at 00:28; the same number ran again in the evening. P815: from 16:06 to 16:51.
        Assert.Equal(["connected", "1", "2", "3", "disconnected", "connected", "4"], bench.Source.Story("irish-D841").Take(7));
        var p815 = bench.Source.Story("irish-P815");
        Assert.Equal(("connected", "1", "44", "disconnected", 46), (p815[0], p815[1], p815[^2], p815[^1], p815.Count));
    }

    private static (double Latitude, double Longitude) Place(TelemetryMessage message) => (message.Position!.Latitude, message.Position.Longitude);

    private static RecordingReport AllRowsAreAccountedFor(TrainsBench bench, long rows, long kept)
    {
        var report = bench.Get<IRecordings>().Reports[0];
        Assert.Equal((rows, kept, rows - kept), (report.RowsRead, report.Kept, report.SetAside.Values.Sum()));
        Assert.All(bench.Registry.Trains, train => Assert.Equal("disconnected", bench.LastWord(train.Identity.Id)));
        return report;
    }

    private static async Task<TrainsBench> PlayAsync(params string[] path)
    {
        var bench = new TrainsBench(("Trains:Count", "0"), ("Trains:Speed", "3600"), ("Trains:Recordings:0", RecordedData.Path(path)));
        await bench.StartAsync();
        var played = bench.Registry;
        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports[0].Finished, TimeSpan.FromHours(1));
        // Who is left goes an expected interval after the last row.
        await bench.RunUntilAsync(() => played.Trains.All(train => bench.LastWord(train.Identity.Id) == "disconnected"), TimeSpan.FromMinutes(10));
        return bench;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
