namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>What instruments write where others write a number.</summary>
public sealed class ValuesTests : IDisposable
{
    private const string Ship = """
        { "train": { "id": "ferry-1" }, "time": { "column": "at", "format": "iso" }, "expectedIntervalSeconds": 10, "subsystem": "door", "missing": [ "NA", "-", "NaN" ],
          "position": { "latitude": "north", "longitude": "east", "factor": 0.0000001, "invalid": [ 910000000 ], "heading": "course", "speed": { "column": "v", "unit": "knots" } },
          "columns": [ { "column": "door", "sensor": "door.car1", "values": { "open": 1, "shut": 0 } } ] }
        """;

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void Words_have_the_numbers_that_the_descriptor_gives_them_and_what_is_missing_is_a_gap()
    {
        var (messages, report) = _folder.Read(Ship, """
            at,north,east,course,v,door
            2026-01-01T00:00:00Z,485000000,92500000,-90,10,open
            2026-01-01T00:00:10Z,-,NA,-,NA,shut
            2026-01-01T00:00:20Z,910000000,910000000,NaN,NaN,-
            2026-01-01T00:00:30Z,485000000,92500000,511,NA,ajar
            2026-01-01T00:00:40Z,485000000,NA,0,NA,7

            """);

        Assert.Equal([1, 0, null, 7], messages.Select(message => message.Readings.TryGetValue("door.car1", out var door) ? door : (double?)null));
        Assert.Equal((48.5, 9.25, 270, 18.52), (messages[0].Position!.Latitude, messages[0].Position!.Longitude, messages[0].Position!.HeadingDeg, messages[0].Position!.SpeedKmh));
        Assert.Null(messages[1].Position);
        Assert.Equal((null, null), (messages[2].Position!.HeadingDeg, messages[2].Position!.SpeedKmh));
        Assert.Equal((5, 4, 1, 2, 1), (report.RowsRead, report.Kept, report.SetAside["noValues"], report.BadValues, report.BadPositions));
    }

    [Fact]
    public void Most_positions_that_cannot_be_are_warned_about() =>
        Assert.Contains("most positions cannot be, e.g. '0 0'", _folder.Survey(Ship, "at,north,east,course,v,door\n2026-01-01T00:00:00Z,0,0,0,0,open\n2026-01-01T00:00:10Z,0,0,0,0,open\n2026-01-01T00:00:20Z,485000000,92500000,0,0,open\n").Warnings);

    [Fact]
    public void Places_with_a_comma_that_nobody_told_are_named_with_the_remedy() =>
        Assert.Contains("most positions cannot be, e.g. '48,5 9,25'; if that is a decimal comma", Assert.Single(_folder.Survey(
            Ship.Replace("\"missing\"", "\"separator\": \";\", \"missing\"", StringComparison.Ordinal), "at;north;east;course;v;door\n2026-01-01T00:00:00Z;48,5;9,25;0;0;open\n").Warnings), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
