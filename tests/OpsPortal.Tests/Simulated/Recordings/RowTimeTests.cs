using OpsPortal.Adapters.Simulated.Recordings;

namespace OpsPortal.Tests.Simulated.Recordings;

public sealed class RowTimeTests
{
    [Theory]
    [InlineData("unixSeconds", "1795442400", "2026-11-23T14:00:00.0000000+00:00")]
    [InlineData("unixSeconds", "1795442400.000125", "2026-11-23T14:00:00.0001250+00:00")]
    [InlineData("unixMilliseconds", "1795442400250", "2026-11-23T14:00:00.2500000+00:00")]
    [InlineData("iso", "2026-11-23T14:00:00+01:00", "2026-11-23T13:00:00.0000000+00:00")]
    public void A_rows_time_is_read_as_its_format_says(string format, string text, string time) => Assert.Equal(time, Read(format, text)?.ToString("O"));

    [Theory]
    [InlineData("unixSeconds", "")]
    [InlineData("unixSeconds", "NaN")]
    [InlineData("unixSeconds", "-5")]
    [InlineData("unixSeconds", "1e9")]
    [InlineData("unixSeconds", "9999999999999")]
    [InlineData("unixMilliseconds", "yesterday")]
    [InlineData("iso", "2026-11-23T14:00:00")]
    public void What_is_no_time_in_its_format_is_not_guessed(string format, string text) => Assert.Null(Read(format, text));

    private static DateTimeOffset? Read(string format, string text) => new RowTime(new RecordedTime("at", format, null), ["at"], new Numbers(null)).Read([text]);
}
