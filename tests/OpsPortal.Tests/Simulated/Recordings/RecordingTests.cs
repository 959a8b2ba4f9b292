using System.IO.Compression;
using OpsPortal.Adapters.Simulated;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Recordings;

public sealed class RecordingTests : IDisposable
{
    private const string Descriptor = """
        { "train": { "id": "pump-1" }, "separator": ";", "time": { "column": "at", "format": "yyyy-MM-dd HH:mm:ss", "zone": "UTC" },
          "expectedIntervalSeconds": 10, "subsystem": "airSupply",
          "columns": [ { "column": "oil", "sensor": "oilTemperature.car1", "unit": "°C" }, { "column": "bar", "sensor": "reservoir.car1", "unit": "bar", "words": "reservoir" } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("recordings").FullName;

    [RecordedDataFact]
    public async Task MetroPT_is_played_row_by_row_and_every_row_is_accounted_for()
    {
        await using var bench = Bench(RecordedData.Path("sensors", "metropt", "metropt3-raw-1000.csv"), ("Trains:Speed", "60"));
        var start = bench.Time.GetUtcNow();
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports[0].Finished && bench.Source.Count >= 1001, TimeSpan.FromMinutes(10));

        var report = bench.Get<IRecordings>().Reports[0];
        var messages = bench.Source.Messages(bench.Time.GetUtcNow());

        Assert.Equal(("metropt3-raw-1000.csv", "metro-porto-1", 1000L), (report.File, report.TrainId, report.RowsRead));
        Assert.Equal(report.RowsRead, report.Kept + report.SetAside.Values.Sum());
        Assert.Equal(report.Kept, messages.Count);
        Assert.Equal((1000L, 0L), (report.Kept, report.BadValues));
        Assert.All(messages, message => Assert.Equal((15, true), (message.Readings.Count, message.Position is null)));
        Assert.All(messages, message => Assert.True(message.MeasuredAt <= bench.Time.GetUtcNow()));
        TrainsServiceTests.AssertIncreasing(messages);
        // 10,001 s at sixty times the pace: less than three minutes of the real clock.
        Assert.InRange(bench.Time.GetUtcNow() - start, TimeSpan.FromSeconds(160), TimeSpan.FromSeconds(175));
        AssertValues(messages);
        AssertRegistered(bench);
    }

    [RecordedDataFact]
    public async Task At_real_speed_the_first_row_is_measured_now_and_rows_follow_at_their_own_intervals()
    {
        await using var bench = Bench(RecordedData.Path("sensors", "metropt", "metropt3-raw-1000.csv"));
        var start = bench.Time.GetUtcNow();
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count >= 1 + 4, TimeSpan.FromSeconds(40));

        var times = bench.Source.Messages(bench.Time.GetUtcNow()).Select(message => message.MeasuredAt).ToList();

        Assert.InRange(times[0], start, start.AddSeconds(2));
        Assert.Equal([0, 10, 19, 29], times.Select(time => (time - times[0]).TotalSeconds));
        Assert.Equal(4, bench.Get<IRecordings>().Reports[0].Kept);
    }

    [Fact]
    public async Task Rows_that_cannot_be_used_are_set_aside_and_counted_by_reason()
    {
        var path = Write("dirty.csv", "at;oil;bar\n2026-01-01 00:00:00;50;9\nyesterday;50;9\n2026-01-01 00:00:10;50\n2026-01-01 00:00:10;fifty;\n2026-01-01 00:00:20;NaN;8.5\n2026-01-01 00:00:20;51;8\n2026-01-01 00:00:05;51;8\n2026-01-01 00:00:30;;8.25\n");
        await using var bench = Bench(path, ("Trains:Speed", "10"));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports[0].Finished && bench.Source.Count >= 4, TimeSpan.FromMinutes(1));

        var report = bench.Get<IRecordings>().Reports[0];

        Assert.Equal((8L, 3L, 2L), (report.RowsRead, report.Kept, report.BadValues));
        Assert.Equal(
            new Dictionary<string, long> { ["badTime"] = 1, ["noValues"] = 1, ["sameTimeTwice"] = 1, ["timeGoesBack"] = 1, ["wrongNumberOfFields"] = 1 },
            report.SetAside.ToDictionary());
        Assert.Equal([1, 2, 3], bench.Source.Messages(bench.Time.GetUtcNow()).Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_recording_goes_on_where_it_was_after_a_restart()
    {
        var rows = Enumerable.Range(0, 60).Select(row => $"2026-01-01 00:{row:00}:00;{row};9");
        var path = Write("long.csv.gz", "at;oil;bar\n" + string.Join('\n', rows));
        await using var bench = Bench(path, ("Trains:Speed", "60"));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count >= 20, TimeSpan.FromMinutes(1));
        await bench.StopAsync();
        bench.Time.Advance(TimeSpan.FromMinutes(3));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports[0].Finished && bench.Source.Count >= 62, TimeSpan.FromMinutes(3));
        await bench.StopAsync();

        var messages = bench.Source.Messages(bench.Time.GetUtcNow());

        Assert.Equal(Enumerable.Range(1, 60).Select(row => (long)row), messages.Select(message => message.Sequence));
        TrainsServiceTests.AssertIncreasing(messages);
        Assert.All(messages, message => Assert.True(message.MeasuredAt <= bench.Time.GetUtcNow()));
    }

    [Fact]
    public void A_wrong_descriptor_gets_every_mistake_in_one_message()
    {
        var path = Write("wrong.csv", "at;oil;bar;door\n2026-01-01 00:00:00;50;9;1\n", """
            { "train": { "id": "no spaces please" }, "separator": ";", "time": { "column": "when", "zone": "Mars/Olympus" }, "expectedIntervalSeconds": 0,
              "columns": [ { "column": "oil", "sensor": "oil temperature" }, { "column": "water", "sensor": "reservoir.car1", "subsystem": "x", "decimals": 99 },
                           { "column": "bar", "sensor": "reservoir.car1", "subsystem": "x", "lowest": 9, "highest": 1 } ] }
            """);
        var options = new TrainsOptions();
        options.Recordings.Add(path);
        options.Recordings.Add("nowhere.csv");

        var failures = new TrainsOptionsCheck().Validate(null, options).FailureMessage;

        foreach (var expected in new[]
        {
            "train.id must be", "expectedIntervalSeconds", "time.column 'when' is not a column of the file; there are at, oil, bar, door", "time.format is missing", "time.zone 'Mars/Olympus'",
            "sensor 'oil temperature' of column 'oil'", "column 'oil' has no subsystem", "column 'water' is not a column", "decimals must be", "lowest is above highest",
            "sensor 'reservoir.car1' is named by 2 columns", "column 'at' of the file is neither named nor ignored", "column 'door' of the file is neither", "Trains:Recordings:1: there is no file nowhere.csv",
        })
        {
            Assert.Contains(expected, failures, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_field_that_a_descriptor_does_not_have_is_a_mistake()
    {
        var (_, mistakes) = RecordingFile.Find(Write("odd.csv", "at;oil;bar\n", Descriptor.Replace("\"separator\"", "\"seperator\"", StringComparison.Ordinal)));

        Assert.Contains("seperator", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_that_nobody_described_says_what_is_missing_and_where_it_is_looked_for()
    {
        var path = Path.Combine(_folder, "pump.csv.gz");
        File.WriteAllText(path, "never read");

        var mistake = Assert.Single(RecordingFile.Find(path).Mistakes);

        Assert.Equal("there is no descriptor for pump.csv.gz: put one beside it as pump.csv.gz.json (built in are those for vehicle_positions_*.csv*, positions_????-??-??.csv*, metropt3-raw*.csv*, skab/*.csv*)", mistake);
    }

    [Theory]
    [InlineData("pump.csv", "pump.csv.json")]
    [InlineData("pump.csv.gz", "pump.csv.gz.json")]
    [InlineData("pump.csv.gz", "pump.csv.json")]
    public void A_plain_path_finds_the_descriptor_beside_it(string name, string beside)
    {
        var path = Write(name, "at;oil;bar\n2026-01-01 00:00:00;50;9\n");
        File.Move(path + ".json", Path.Combine(_folder, beside));

        var (file, mistakes) = RecordingFile.Find(path);

        Assert.Empty(mistakes);
        Assert.Equal("pump-1", file!.Key);
    }

    [Fact]
    public void What_is_called_gzip_and_is_none_is_a_mistake_and_no_crash()
    {
        var path = Write("pump.csv", "at;oil;bar\n") + ".gz";
        File.WriteAllText(path, "at;oil;bar\n2026-01-01 00:00:00;50;9\n");

        Assert.NotEmpty(RecordingFile.Find(path).Mistakes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Written down by hand from the file.
    private static void AssertValues(IReadOnlyList<TelemetryMessage> messages)
    {
        Assert.Equal(9.358, messages[0].Readings["panelPressure.car1"]);
        Assert.Equal(-0.0120000000000004, messages[0].Readings["compressorPressure.car1"]);
        Assert.Equal(53.675, messages[1].Readings["oilTemperature.car1"], 9);
        Assert.Equal(9.338, messages[2].Readings["reservoirPressure.car1"]);
        Assert.Equal(0.0424999999999995, messages[2].Readings["motorCurrent.car1"]);
        Assert.Equal(9.562, messages[998].Readings["separatorPressure.car1"]);
        Assert.Equal(4.0175, messages[998].Readings["motorCurrent.car1"]);
        Assert.Equal(52.425, messages[999].Readings["oilTemperature.car1"], 9);
        Assert.Equal(-0.0240000000000009, messages[999].Readings["dryerPressure.car1"]);
        Assert.Equal(1.0, messages[999].Readings["airFlowPulse.car1"]);
        Assert.Equal(-0.0139999999999993, messages[89].Readings["compressorPressure.car1"]);
        Assert.Equal(-0.0219999999999984, messages[203].Readings["dryerPressure.car1"]);
        Assert.Equal(0.04, messages[276].Readings["motorCurrent.car1"]);
        Assert.Equal(8.12, messages[340].Readings["panelPressure.car1"]);
        Assert.Equal(8.088, messages[344].Readings["panelPressure.car1"]);
        Assert.Equal(52.525, messages[579].Readings["oilTemperature.car1"], 9);
        Assert.Equal(-0.0120000000000004, messages[644].Readings["compressorPressure.car1"]);
        Assert.Equal(-0.0139999999999993, messages[691].Readings["compressorPressure.car1"]);
        Assert.Equal(new DateTimeOffset(2020, 2, 1, 0, 0, 19, TimeSpan.Zero), messages[2].OriginalMeasuredAt);
        Assert.Equal(new DateTimeOffset(2020, 2, 1, 2, 45, 1, TimeSpan.Zero), messages[999].OriginalMeasuredAt);
    }

    private static void AssertRegistered(TrainsBench bench)
    {
        var train = Assert.Single(bench.Registry.Trains);

        Assert.Equal(("metro-porto-1", "Metro Porto APU", false, TimeSpan.FromSeconds(10)), (train.Identity.Id, train.Name, train.PositionKnown, train.ExpectedInterval));
        Assert.Equal(("bar", "airSupply", "pneumatic panel pressure"), (train.Describe("panelPressure.car1").Unit, train.Describe("panelPressure.car1").Subsystem, train.Describe("panelPressure.car1").Words));
    }

    private static TrainsBench Bench(string recording, params (string, string)[] more) => new([("Trains:Count", "0"), ("Trains:Recordings:0", recording), .. more]);

    private string Write(string name, string rows, string descriptor = Descriptor)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path + ".json", descriptor);
        using Stream file = File.Create(path);
        using var text = new StreamWriter(name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file);
        text.Write(rows);
        return path;
    }
}
