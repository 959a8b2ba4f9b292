namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>Vehicles that are asked one after the other, each with its own time.</summary>
public sealed class DisorderTests : IDisposable
{
    private const string Buses = """
        { "train": { "id": "bus-{bus}" }, "time": { "column": "at", "format": "yyyy-MM-dd HH:mm:ss", "zone": "UTC" }, "expectedIntervalSeconds": 10, "disorderSeconds": 30,
          "position": { "latitude": "north", "longitude": "east" } }
        """;

    private const string Rows = """
        at,bus,north,east
        2026-01-01 00:00:20,1,50,8
        2026-01-01 00:00:05,2,50,8
        late,3,50,8
        2026-01-01 00:01:00,1,50,8
        2026-01-01 00:00:40,2,50,8
        2026-01-01 00:00:30,4,50,8
        2026-01-01 00:02:00,1,50,8
        2026-01-01 00:00:50,5,50,8

        """;

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void Rows_are_put_in_order_within_the_disorder_that_the_descriptor_says()
    {
        var (messages, report) = _folder.Read(Buses, Rows);

        Assert.Equal([5, 20, 30, 40, 60, 120], messages.Select(message => (message.OriginalMeasuredAt!.Value - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds));
        Assert.Equal((8, 1, 1), (report.RowsRead, report.SetAside["badTime"], report.SetAside["timeGoesBack"]));
    }

    [Fact]
    public void Many_rows_that_go_back_are_warned_about_with_the_remedies()
    {
        var warnings = _folder.Survey(Buses.Replace("\"disorderSeconds\": 30,", "", StringComparison.Ordinal), Rows).Warnings;

        Assert.Contains(warnings, warning => warning.Contains("timeGoesBack 4, e.g. '2026-01-01 00:00:05'", StringComparison.Ordinal) && warning.Contains("disorderSeconds", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_to_be_sorted_may_begin_with_a_thousand_rows_without_a_time() =>
        Assert.Equal(1, _folder.Read(
            Buses.Replace("\"disorderSeconds\": 30", "\"sorted\": false", StringComparison.Ordinal),
            "at,bus,north,east\n2026-01-01 00:00:00,1,50,8\n" + string.Concat(Enumerable.Repeat("?,1,50,8\n", 1_200))).Report.Kept);

    [Fact]
    public void Disorder_is_none_beside_sorting() =>
        Assert.Contains("disorderSeconds must be", _folder.Mistakes(Buses.Replace("\"disorderSeconds\"", "\"sorted\": false, \"disorderSeconds\"", StringComparison.Ordinal), "at,bus,north,east\n"), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
