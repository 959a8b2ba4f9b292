using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Simulated;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>What the start says of a recording that its descriptor does not fit.</summary>
public sealed class StartChecksTests : IDisposable
{
    private const string Buses = """
        { "train": { "id": "bus-{bus}" }, "time": { "column": "at", "format": "iso" }, "expectedIntervalSeconds": 10, "only": { "column": "bus", "values": [ "7" ] },
          "position": { "latitude": "north", "longitude": "east" } }
        """;

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void A_recording_of_which_no_row_can_be_played_is_a_mistake_that_says_why()
    {
        _folder.Write("ok.csv", RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;1\n");
        var path = _folder.Write("buses.csv", Buses, "at,bus,north,east\n2026-01-01T00:00:00Z,8,50,8\n2026-01-01T00:00:01Z,9,50,8\nyesterday,9,50,8\n");
        using var shelf = new RecordingShelf();

        var mistakes = shelf.Open([Path.Combine(_folder.Folder, "ok.csv"), path, "nowhere.csv"], TimeSpan.Zero);

        Assert.Equal([$"Trains:Recordings:1: {path}: 0 of 3 rows can be played: notWanted 2; badTime 1, e.g. 'yesterday'", "Trains:Recordings:2: there is no file nowhere.csv"], mistakes);
    }

    [Fact]
    public void It_is_said_among_the_other_mistakes_of_the_options()
    {
        var path = _folder.Write("pump.csv", RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;\n");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Trains:Count"] = "-1", ["Trains:Recordings:0"] = path }).Build();
        using var services = new ServiceCollection().AddLogging().AddSimulatedTrains(configuration).BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<TrainsOptions>>().Value);

        Assert.Equal(2, refused.Failures.Count());
        Assert.Contains($"Trains:Recordings:0: {path}: 0 of 1 rows can be played: noValues 1", refused.Failures);
    }

    [Fact]
    public void A_recording_of_which_few_rows_can_be_played_is_played_and_warned_about()
    {
        var survey = _folder.Survey(RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;1\n2026-01-01;2\n2026-01-01;3;4\n");

        Assert.Null(survey.Mistake);
        Assert.Equal("1 of 3 rows can be played: badTime 1, e.g. '2026-01-01'; wrongNumberOfFields 1, e.g. 3 fields, the header has 2", Assert.Single(survey.Warnings));
    }

    [Fact]
    public void Rows_that_are_left_out_on_purpose_are_no_reason_to_warn() =>
        Assert.Empty(_folder.Survey(Buses, "at,bus,north,east\n2026-01-01T00:00:00Z,7,50,8\n2026-01-01T00:00:00Z,8,50,8\n2026-01-01T00:00:01Z,9,50,8\n").Warnings);

    [Fact]
    public void A_column_without_one_number_is_warned_about()
    {
        var descriptor = RecordingFolder.Pump.Replace("} ] }", "}, { \"column\": \"door\", \"sensor\": \"door.car1\" }, { \"column\": \"gap\", \"sensor\": \"gap.car1\" } ] }", StringComparison.Ordinal);

        var survey = _folder.Survey(descriptor, "at;oil;door;gap\n2026-01-01 00:00:00;1;open;\n2026-01-01 00:00:01;2;shut;\n");

        Assert.Equal("column 'door' has not one number, e.g. 'open'", Assert.Single(survey.Warnings));
    }

    [Fact]
    public async Task A_recording_that_is_over_before_the_beginning_asked_for_says_that_all_of_it_was_skipped()
    {
        var path = _folder.Write("short.csv", RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;1\n2026-01-01 00:00:01;2\n");
        await using var bench = new TrainsBench(("Trains:Count", "0"), ("Trains:Recordings:0", path), ("Trains:RecordingsFrom", "01:00:00"));
        await bench.StartAsync();

        var report = bench.Get<IRecordings>().Reports[0];

        Assert.Equal((2, 0, 2, true), (report.RowsRead, report.Kept, report.SetAside["skipped"], report.Finished));
    }

    [Fact]
    public void Nothing_hides_in_an_example() =>
        Assert.Contains("badTime 1, e.g. 'x\uFFFD[31m\uFFFD'", _folder.Survey(RecordingFolder.Pump, "at;oil\nx\u001b[31m\u202e;2\n2026-01-01 00:00:00;1\n2026-01-01;2;3\n").Warnings[0], StringComparison.Ordinal);

    [Fact]
    public void Warnings_are_logged_with_the_recordings_name()
    {
        var logger = new Lines();
        using var shelf = new RecordingShelf(logger);

        shelf.Open([_folder.Write("pump.csv", RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;1\n1;2\n3;4\n")], TimeSpan.Zero);

        Assert.Equal("Warning Recording pump.csv: 1 of 3 rows can be played: badTime 2, e.g. '1'", Assert.Single(logger.Said));
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add($"{logLevel} {formatter(state, exception)}");
    }
}
