using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>One fleet, a file a day, one data folder.</summary>
public sealed class NextDayTests : IDisposable
{
    private const string Buses = """
        { "train": { "id": "bus-{bus}" }, "time": { "column": "at", "format": "iso" }, "expectedIntervalSeconds": 10, "position": { "latitude": "north", "longitude": "east" } }
        """;

    private const string Monday = "at,bus,north,east\n2026-06-01T08:00:00Z,1,50,8\n2026-06-01T08:00:05Z,2,50,8\n2026-06-01T08:00:10Z,1,50,8\n";
    private const string Tuesday = "at,bus,north,east\n2026-06-02T08:00:00Z,1,51,8\n2026-06-02T08:00:10Z,1,51,8\n2026-06-02T08:00:20Z,1,51,8\n2026-06-02T08:00:30Z,1,51,8\n";

    private readonly RecordingFolder _folder = new();

    [Fact]
    public async Task The_next_days_file_is_played_from_its_first_row_and_sequences_carry_on()
    {
        await using var bench = new TrainsBench(("Trains:Count", "0"), ("Trains:Recordings:0", _folder.Write("monday.csv", Buses, Monday)));
        await PlayToEndAsync(bench);
        bench.Set("Trains:Recordings:0", _folder.Write("tuesday.csv", Buses, Tuesday));
        await PlayToEndAsync(bench);
        bench.Set("Trains:Recordings:0", Path.Combine(_folder.Folder, "monday.csv"));
        await PlayToEndAsync(bench);

        Assert.Equal(
            ["1 50", "2 50", "4 51", "5 51", "6 51", "7 51"],
            bench.Source.Messages(bench.Time.GetUtcNow()).Where(message => message.TrainId == "bus-1").Select(message => $"{message.Sequence} {message.Position!.Latitude}"));
    }

    [Fact]
    public void A_file_that_grows_at_its_end_stays_the_same_and_another_of_its_name_does_not()
    {
        var long1 = Monday + string.Concat(Enumerable.Range(0, 3_000).Select(second => $"2026-06-01T09:{second / 60:00}:{second % 60:00}Z,1,50,8\n"));
        var before = RecordingKey.Of(_folder.Find(Buses, long1));

        Assert.Equal(before, RecordingKey.Of(_folder.Find(Buses, long1 + "2026-06-01T10:00:00Z,1,50,8\n")));
        Assert.NotEqual(before, RecordingKey.Of(_folder.Find(Buses, Tuesday)));
    }

    [Fact]
    public void Progress_that_an_earlier_version_kept_is_of_the_file_that_is_played_now()
    {
        using var outbox = new Outbox(Path.Combine(_folder.Folder, "trains.db"));
        var key = RecordingKey.Of(_folder.Find(Buses, Monday));
        outbox.Keep(new OutboxBatch(), null, default, [new RecordingProgress("bus-{bus}", 1_000, 2), new RecordingProgress("pump-1", 1_000, 9)], 0);

        outbox.NameFile(key.Trains, key.ToString());
        outbox.NameFile(key.Trains, "bus-{bus}\ntuesday.csv\nabc");

        Assert.Equal([new RecordingProgress(key.ToString(), 1_000, 2), new RecordingProgress("pump-1", 1_000, 9)], outbox.Recordings().OrderBy(progress => progress.RowsRead));
        Assert.Equal((2, 0), (key.In(outbox.Recordings())!.Value.RowsRead, key.SequencesBefore(outbox.Recordings())));
    }

    [Fact]
    public async Task A_recording_of_months_may_be_begun_late()
    {
        var path = _folder.Write("year.csv", Buses, "at,bus,north,east\n2026-01-01T08:00:00Z,1,50,8\n2026-08-01T08:00:00Z,1,51,8\n2026-08-01T08:00:10Z,1,51,8\n");
        await using var bench = new TrainsBench(("Trains:Count", "0"), ("Trains:Recordings:0", path), ("Trains:RecordingsFrom", "200.00:00:00"));
        await PlayToEndAsync(bench);

        Assert.Equal([51, 51], bench.Source.Messages(bench.Time.GetUtcNow()).Select(message => message.Position!.Latitude));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task PlayToEndAsync(TrainsBench bench)
    {
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports[0].Finished, TimeSpan.FromMinutes(2));
        await bench.RunUntilAsync(() => bench.Source.Story("bus-1")[^1] == "disconnected", TimeSpan.FromMinutes(2));
        await bench.StopAsync();
    }
}
