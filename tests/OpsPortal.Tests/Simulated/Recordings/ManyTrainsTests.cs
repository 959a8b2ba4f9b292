using OpsPortal.Adapters.Simulated;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>Recordings of several trains, by small files that can be read at a glance.</summary>
public sealed class ManyTrainsTests : IDisposable
{
    private const string Buses = """
        { "train": { "id": "{folder}-{bus}", "name": "{kind} {bus}", "class": "{kind}", "depot": "Austin", "line": "{route}" },
          "words": { "kind": { "column": "route", "values": { "550": "Train" }, "otherwise": "Bus of {route}" } },
          "sorted": false, "time": { "column": "at", "format": "iso" }, "expectedIntervalSeconds": 60, "silentAfterSeconds": 300,
          "position": { "latitude": "north", "longitude": "east", "speed": { "column": "speed", "unit": "m/s", "invalid": [ 99.9 ] }, "headingFromMovement": true },
          "only": { "column": "route", "values": [ "550", "7" ] }, "raw": [ "sign" ], "subsystem": "hvac",
          "columns": [ { "column": "heat", "sensor": "saloon.car1", "unit": "°C", "factor": 0.5, "offset": -16, "invalid": [ 999 ] } ] }
        """;

    private const string Points = """
        { "train": { "id": "{code}" }, "time": { "column": "at", "format": "yyyy-MM-dd HH:mm", "zone": "Europe/Dublin" }, "expectedIntervalSeconds": 60, "silentAfterSeconds": 300,
          "status": { "column": "is", "waiting": [ "N" ], "running": [ "R" ], "ended": [ "T" ] },
          "position": { "latitude": "north", "longitude": "east", "motion": "jumps" } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("recordings-").FullName;

    [Fact]
    public async Task Trains_that_lie_in_blocks_are_played_in_the_order_of_time_with_values_in_the_products_units()
    {
        await using var bench = await PlayAsync("bus.csv", Buses, """
            bus,at,speed,route,north,east,sign,heat
            1,2017-03-16T00:02:00-05:00,10,7,30.1,-97.0,Downtown,80
            1,2017-03-16T00:00:00-05:00,99.9,7,30.0,-97.0,Downtown,999
            2,2017-03-16T05:01:00Z,2.5,550,0,0,Leander,70
            2,2017-03-16T05:03:00Z,,550,30.5,-97.8,Leander,
            3,2017-03-16T05:01:00Z,1,12,30.2,-97.1,Airport,60
            ,2017-03-16T05:01:00Z,1,7,30.2,-97.1,Airport,60
            4,2017-03-16T05:01:00,1,7,30.2,-97.1,Airport,60
            """);
        var prefix = Path.GetFileName(_folder);
        var parsed = bench.Source.Parse(bench.Time.GetUtcNow());
        var messages = parsed.Select(message => message.Message!).ToList();

        Assert.Equal([$"{prefix}-1 1", $"{prefix}-2 1", $"{prefix}-1 2", $"{prefix}-2 2"], messages.Select(message => $"{message.TrainId} {message.Sequence}"));
        Assert.Equal([0, 60, 120, 180], messages.Select(message => (message.MeasuredAt - messages[0].MeasuredAt).TotalSeconds));
        Assert.Equal(new DateTimeOffset(2017, 3, 16, 5, 0, 0, TimeSpan.Zero), messages[0].OriginalMeasuredAt);
        Assert.Equal([null, null, 36, null], messages.Select(message => message.Position?.SpeedKmh));
        Assert.Equal([null, null, 0, null], messages.Select(message => message.Position?.HeadingDeg));
        Assert.Equal([false, true, false, false], parsed.Select(message => message.BadPosition));
        Assert.Equal([0, 1, 1, 0], messages.Select(message => message.Readings.Count));
        Assert.Equal((19, 24), (messages[1].Readings["saloon.car1"], messages[2].Readings["saloon.car1"]));
        Assert.All(parsed, message => Assert.Equal(1, message.UnknownFields));
        var report = bench.Get<IRecordings>().Reports[0];
        Assert.Equal((7, 4, 2, 2, 1, (string?)null), (report.RowsRead, report.Kept, report.Trains, report.BadValues, report.BadPositions, report.TrainId));
        Assert.Equal(new Dictionary<string, long> { ["badTime"] = 1, ["badTrainId"] = 1, ["notWanted"] = 1 }, report.SetAside.ToDictionary());
        Assert.Equal([("Bus of 7 1", "Bus of 7", "Austin", "7"), ("Train 2", "Train", "Austin", "550")], bench.Registry.Trains.Select(train => (train.Name, train.Identity.Class, train.Identity.Depot, train.Identity.Line)));
    }

    [Fact]
    public async Task A_train_comes_with_its_first_row_and_goes_when_the_file_says_so_or_when_it_is_silent_or_at_the_end()
    {
        await using var bench = await PlayAsync("day.csv", Points, """
            at,code,is,north,east
            2025-07-01 08:00,A1,R,53.3,-6.2
            2025-07-01 08:00,B2,N,0,0
            2025-07-01 08:00,C3,R,53.5,-6.4
            2025-07-01 08:00,D4,T,53.5,-6.4
            2025-07-01 08:01,A1,R,53.3,-6.2
            2025-07-01 08:01,A1,R,53.3,-6.2
            2025-07-01 08:02,A1,T,53.9,-6.2
            2025-07-01 08:03,A1,T,53.9,-6.2
            2025-07-01 08:03,B2,X,53.9,-6.2
            2025-07-01 08:06,B2,R,53.9,-6.2
            2025-07-01 08:07,A1,R,53.9,-6.2
            2025-07-01 08:08,B2,R,53.2,-6.9
            """);

        Assert.Equal(["connected", "1", "2", "disconnected", "connected", "3", "disconnected"], bench.Source.Story("A1"));
        Assert.Equal(["connected", "1", "2", "disconnected"], bench.Source.Story("B2"));
        Assert.Equal(["connected", "1", "disconnected"], bench.Source.Story("C3"));
        Assert.Empty(bench.Source.Story("D4"));
        var report = bench.Get<IRecordings>().Reports[0];
        Assert.Equal((12, 6, 3), (report.RowsRead, report.Kept, report.Trains));
        Assert.Equal(new Dictionary<string, long> { ["ended"] = 3, ["notRunningYet"] = 1, ["sameTimeTwice"] = 1, ["unknownStatus"] = 1 }, report.SetAside.ToDictionary());
        var messages = bench.Source.Messages(bench.Time.GetUtcNow());
        Assert.All(messages, message => Assert.Equal((null, null), (message.Position!.SpeedKmh, message.Position.HeadingDeg)));
        // Dublin's summer is an hour ahead.
        Assert.Equal(new DateTimeOffset(2025, 7, 1, 7, 0, 0, TimeSpan.Zero), messages[0].OriginalMeasuredAt);
    }

    [Fact]
    public async Task After_a_restart_only_those_who_were_running_come_back_online()
    {
        await using var bench = await PlayAsync("day.csv", Points, """
            at,code,is,north,east
            2025-07-01 08:00,A1,R,53.3,-6.2
            2025-07-01 08:00,B2,R,53.3,-6.2
            2025-07-01 08:01,B2,T,53.3,-6.2
            2025-07-01 08:01,A1,R,53.4,-6.2
            2025-07-01 08:04,A1,R,53.5,-6.2
            """, until: bench => bench.Source.Story("A1").Count == 3);
        await bench.StopAsync();
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Story("A1").Contains("disconnected"), TimeSpan.FromMinutes(10));

        Assert.Equal(["connected", "1", "2", "connected", "3", "disconnected"], bench.Source.Story("A1"));
        Assert.Equal(["connected", "1", "disconnected"], bench.Source.Story("B2"));
    }

    [Fact]
    public async Task What_lies_before_the_beginning_asked_for_is_skipped_and_counted()
    {
        await using var bench = await PlayAsync("day.csv", Points, """
            at,code,is,north,east
            2025-07-01 08:00,A1,R,53.3,-6.2
            2025-07-01 08:01,A1,R,53.3,-6.2
            2025-07-01 08:02,A1,R,53.4,-6.2
            """, settings: ("Trains:RecordingsFrom", "00:01:30"));

        Assert.Equal(53.4, Assert.Single(bench.Source.Messages(bench.Time.GetUtcNow())).Position!.Latitude);
        Assert.Equal((3, 1, 2), (bench.Get<IRecordings>().Reports[0].RowsRead, bench.Get<IRecordings>().Reports[0].Kept, bench.Get<IRecordings>().Reports[0].SetAside["skipped"]));
    }

    [Fact]
    public void Every_mistake_about_trains_positions_and_rows_is_in_one_message()
    {
        var path = Write("wrong.csv", "at,code,north,east\n2026,A1,1,1\n", """
            { "train": { "id": "{kode}", "line": "{nowhere}" }, "time": { "column": "at", "format": "iso" }, "expectedIntervalSeconds": 60, "silentAfterSeconds": 5,
              "words": { "kind": { "column": "sort", "otherwise": "{else}" } }, "only": { "column": "route" }, "status": { "column": "is" }, "raw": [ "sign" ],
              "position": { "latitude": "n", "longitude": "e", "motion": "flies", "heading": "h", "headingFromMovement": true, "speed": { "column": "v", "unit": "furlongs" } } }
            """);
        var options = new TrainsOptions();
        options.Recordings.Add(path);

        var failures = new TrainsOptionsCheck().Validate(null, options).FailureMessage;

        foreach (var expected in new[]
        {
            "train.id 'kode' is not a column", "train.line 'nowhere'", "silentAfterSeconds", "words.kind.column 'sort'", "words.kind.otherwise 'else'", "only.column 'route'", "only.values", "status.column 'is'",
            "status.running", "raw 'sign'", "position.latitude 'n'", "position.longitude 'e'", "position.motion 'flies'", "position.heading 'h'", "headingFromMovement cannot", "position.speed.column 'v'", "unit 'furlongs'",
        })
        {
            Assert.Contains(expected, failures, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_time_format_that_fits_no_row_is_said_before_the_start()
    {
        var (_, mistakes) = RecordingFile.Find(Write("odd.csv", "at,code,is,north,east\n1.7.2025 8.00,A1,R,53.3,-6.2\n", Points));

        Assert.Equal("odd.csv.json: time.format 'yyyy-MM-dd HH:mm' fits none of 1 rows, e.g. '1.7.2025 8.00'", Assert.Single(mistakes));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<TrainsBench> PlayAsync(string name, string descriptor, string rows, Func<TrainsBench, bool>? until = null, params (string, string)[] settings)
    {
        var bench = new TrainsBench([("Trains:Count", "0"), ("Trains:Speed", "60"), ("Trains:Recordings:0", Write(name, rows + "\n", descriptor)), .. settings]);
        await bench.StartAsync();
        await bench.RunUntilAsync(() => until?.Invoke(bench) ?? IsOver(bench), TimeSpan.FromMinutes(30));
        return bench;
    }

    private static bool IsOver(TrainsBench bench) =>
        bench.Get<IRecordings>().Reports[0].Finished && bench.Registry.Trains.All(train => bench.Source.Story(train.Identity.Id) is { Count: > 0 } story && story[^1] == "disconnected");

    private string Write(string name, string rows, string descriptor)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path + ".json", descriptor);
        File.WriteAllText(path, rows);
        return path;
    }
}
