namespace OpsPortal.Tests.Simulated.Recordings;

public sealed class DecimalSignTests : IDisposable
{
    private const string European = """
        { "train": { "id": "vt-{vehicle}" }, "separator": ";", "decimal": ",", "time": { "column": "at", "format": "unixSeconds" }, "expectedIntervalSeconds": 10, "subsystem": "airSupply",
          "position": { "latitude": "north", "longitude": "east", "heading": "course", "speed": { "column": "v", "unit": "m/s", "invalid": [ 99.9 ] } },
          "columns": [ { "column": "oil", "sensor": "oilTemperature.car1", "factor": 0.5, "invalid": [ -99.5 ] } ] }
        """;

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void A_decimal_comma_is_read_in_values_places_speeds_headings_and_times()
    {
        var (messages, report) = _folder.Read(European, """
            at;vehicle;north;east;course;v;oil
            1795442400,25;7;48,5;9,25;90,5;2,5;80,5
            1795442410;7;48,6;9,5;91;99,9;-99,5
            1795442420;7;48,7;9,75;;;80.5

            """);

        Assert.Equal((48.5, 9.25, 9, 90.5), (messages[0].Position!.Latitude, messages[0].Position!.Longitude, messages[0].Position!.SpeedKmh, messages[0].Position!.HeadingDeg));
        Assert.Equal(40.25, messages[0].Readings["oilTemperature.car1"]);
        Assert.Equal(250, messages[0].OriginalMeasuredAt!.Value.Millisecond);
        Assert.Equal((3, 3, 3), (report.RowsRead, report.Kept, report.BadValues));
    }

    [Fact]
    public void A_decimal_comma_that_nobody_told_is_named_at_the_start()
    {
        var survey = _folder.Survey(RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;12,5\n2026-01-01 00:00:10;12,75\n");

        Assert.Equal("0 of 2 rows can be played: noValues 2; column 'oil' has not one number, e.g. '12,5'; if that is a decimal comma, the descriptor says \"decimal\": \",\"", survey.Mistake);
    }

    [Fact]
    public void A_decimal_sign_is_a_point_or_a_comma() =>
        Assert.Contains("decimal '·' must be . or ,", _folder.Mistakes(RecordingFolder.Pump.Replace("\"separator\"", "\"decimal\": \"·\", \"separator\"", StringComparison.Ordinal), "at;oil\n"), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
