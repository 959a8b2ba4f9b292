using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>One wrong clock must not cost the rest of the recording, and nobody waits out a winter.</summary>
public sealed class WrongClocksTests : IDisposable
{
    private const string Buses = """
        { "train": { "id": "bus-{bus}" }, "time": { "column": "at", "format": "iso", "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2026-12-31T23:59:59Z" },
          "expectedIntervalSeconds": 10, "silentAfterSeconds": 3600, "longestGapSeconds": 60, "only": { "column": "bus", "values": [ "1", "2" ] },
          "position": { "latitude": "north", "longitude": "east" } }
        """;

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void Rows_of_a_clock_that_cannot_be_right_are_set_aside_and_cost_no_other()
    {
        var (messages, report) = _folder.Read(Buses, """
            at,bus,north,east
            1970-01-01T00:00:00Z,1,50,8
            2026-05-01T00:00:00Z,1,50,8
            2099-01-01T00:00:00Z,2,50,8
            2026-05-01T00:00:10Z,1,50,8

            """);

        Assert.Equal([1, 2], messages.Select(message => message.Sequence));
        Assert.Equal(2, report.SetAside["badTime"]);
    }

    [Fact]
    public void Rows_that_are_not_played_say_nothing_of_the_recordings_time()
    {
        var report = _folder.Read(RecordingFolder.Pump, "at;oil\n2099-01-01 00:00:00;\n2026-01-01 00:00:00;1\n2026-01-01 00:00:10;2\n").Report;

        Assert.Equal((2, 1), (report.Kept, report.SetAside["noValues"]));
    }

    [Fact]
    public async Task A_gap_is_played_no_longer_than_the_descriptor_says_and_the_train_was_offline_meanwhile()
    {
        var path = _folder.Write("buses.csv", Buses, """
            at,bus,north,east
            2026-05-01T00:00:00Z,1,50,8
            2026-05-01T00:00:10Z,2,50,8
            2026-05-09T00:00:00Z,1,50,8

            """);
        await using var bench = new TrainsBench(("Trains:Count", "0"), ("Trains:Recordings:0", path));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports[0].Finished && bench.Source.Story("bus-1").Count >= 5, TimeSpan.FromMinutes(3));
        var messages = bench.Source.Messages(bench.Time.GetUtcNow());

        Assert.Equal([0, 10, 70], messages.Select(message => (message.MeasuredAt - messages[0].MeasuredAt).TotalSeconds));
        Assert.Equal(new DateTimeOffset(2026, 5, 9, 0, 0, 0, TimeSpan.Zero), messages[2].OriginalMeasuredAt);
        Assert.Equal(["connected", "1", "disconnected", "connected", "2"], bench.Source.Story("bus-1").Take(5));
    }

    [Fact]
    public void A_gap_of_days_is_warned_about_with_the_remedies()
    {
        var warning = Assert.Single(_folder.Survey(RecordingFolder.Pump, "at;oil\n1970-01-01 00:00:00;0\n2026-01-01 00:00:00;1\n2026-01-01 00:00:10;2\n").Warnings);

        Assert.StartsWith("nothing between 1970-01-01 00:00:00Z and 2026-01-01 00:00:00Z", warning, StringComparison.Ordinal);
        Assert.Contains("time.notBefore", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_that_are_no_instants_are_mistakes() =>
        Assert.Contains("time.notAfter 'soon' must be an instant such as", _folder.Mistakes(Buses.Replace("2026-12-31T23:59:59Z", "soon", StringComparison.Ordinal), "at,bus,north,east\n"), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
