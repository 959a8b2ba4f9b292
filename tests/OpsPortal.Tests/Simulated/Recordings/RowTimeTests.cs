using OpsPortal.Adapters.Simulated.Recordings;

namespace OpsPortal.Tests.Simulated.Recordings;

public sealed class RowTimeTests
{
    [Theory]
    [InlineData("unixSeconds", "1795442400", "2026-11-23T14:00:00.0000000+00:00")]
    [InlineData("unixSeconds", "1795442400.000125", "2026-11-23T14:00:00.0001250+00:00")]
    [InlineData("unixMilliseconds", "1795442400250", "2026-11-23T14:00:00.2500000+00:00")]
    [InlineData("unixMicroseconds", "1795442400000125", "2026-11-23T14:00:00.0001250+00:00")]
    [InlineData("unixNanoseconds", "1795442400000125999", "2026-11-23T14:00:00.0001259+00:00")]
    [InlineData("iso", "2026-11-23T14:00:00+01:00", "2026-11-23T13:00:00.0000000+00:00")]
    [InlineData("iso", "2026-11-23 14:00:00 +0100", "2026-11-23T13:00:00.0000000+00:00")]
    [InlineData("iso", "2026-11-23 14:00:00.123456789+00", "2026-11-23T14:00:00.1234568+00:00")]
    [InlineData("iso", "2026-11-23 14:00:00,5 UTC", "2026-11-23T14:00:00.5000000+00:00")]
    [InlineData("iso", "2026-11-23T14:00-05:30", "2026-11-23T19:30:00.0000000+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "2026-11-23 14:00:00+02:00", "2026-11-23T12:00:00.0000000+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "2026-11-23 14:00:00Z", "2026-11-23T14:00:00.0000000+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ss zzz", "2026-11-23 14:00:00 -03:00", "2026-11-23T17:00:00.0000000+00:00")]
    public void A_rows_time_is_read_as_its_format_says(string format, string text, string time) => Assert.Equal(time, Read(format, text));

    [Theory]
    [InlineData("iso", "2026-07-01T14:00:00", "2026-07-01T12:00:00.0000000+00:00")]
    [InlineData("iso", "2026-07-01T14:00:00Z", "2026-07-01T14:00:00.0000000+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "2026-07-01 14:00:00", "2026-07-01T12:00:00.0000000+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ss'Z'", "2026-07-01 14:00:00Z", "2026-07-01T12:00:00.0000000+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ss.FFFFFFF", "2026-07-01 14:00:00.123456789", "2026-07-01T12:00:00.1234567+00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ss.FFFFFFF", "2026-07-01 14:00:00", "2026-07-01T12:00:00.0000000+00:00")]
    [InlineData("d.M.yyyy H:mm", "1.7.2026 8:05", "2026-07-01T06:05:00.0000000+00:00")]
    [InlineData("excel", "46204.25", "2026-07-01T04:00:00.0000000+00:00")]
    public void A_time_without_an_offset_is_what_the_zones_clock_showed(string format, string text, string time) => Assert.Equal(time, Read(format, text, "Europe/Berlin"));

    [Theory]
    [InlineData("unixSeconds", "")]
    [InlineData("unixSeconds", "NaN")]
    [InlineData("unixSeconds", "0")]
    [InlineData("unixSeconds", "-5")]
    [InlineData("unixSeconds", "1e9")]
    [InlineData("unixSeconds", "9999999999999")]
    [InlineData("unixMilliseconds", "yesterday")]
    [InlineData("iso", "2026-11-23T14:00:00")]
    [InlineData("iso", "2026-11-23T14:00:00+99")]
    [InlineData("iso", "2026-02-30T14:00:00Z")]
    [InlineData("iso", "0001-01-01T00:00:00+01:00")]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "2026-11-23 14:00:00")]
    public void What_is_no_time_in_its_format_is_not_guessed(string format, string text) => Assert.Null(Read(format, text));

    [Fact]
    public void Date_and_time_may_stand_in_two_columns_and_in_more_than_one_format()
    {
        var time = new RowTime(new RecordedTime("{Day} {Clock}", null, "UTC", ["d.M.yyyy H:mm:ss", "d.M.yyyy H:mm"]), ["Clock", "Day"], new Numbers(null));

        Assert.Equal("2026-07-01T08:05:00.0000000+00:00", time.Read(["8:05", "1.7.2026"])?.ToString("O"));
        Assert.Equal("2026-07-01T08:05:09.0000000+00:00", time.Read(["8:05:09", "1.7.2026"])?.ToString("O"));
    }

    [Fact]
    public void A_time_of_the_day_passes_midnight() =>
        Assert.Equal(
            ["01 23:59:50", "02 00:00:10", "02 00:00:05", "02 19:00:00", "03 01:00:00"],
            Texts(new RecordedTime("at", "HH:mm:ss", "UTC", Date: "2026-07-01"), "23:59:50", "00:00:10", "00:00:05", "19:00:00", "01:00:00"));

    [Fact]
    public void Elapsed_time_counts_from_the_start_that_the_descriptor_says() =>
        Assert.Equal(["23 14:00:00", "23 14:01:30"], Texts(new RecordedTime("at", "elapsedSeconds", null, Start: "2026-11-23T14:00:00Z"), "0", "90.0"));

    [Fact]
    public void The_hour_that_a_clock_shows_twice_is_passed_twice() =>
        Assert.Equal(
            ["25 00:00:00", "25 00:30:00", "25 00:59:00", "25 01:00:00", "25 01:30:00", "25 02:00:00"],
            Texts(new RecordedTime("at", "yyyy-MM-dd HH:mm", "Europe/Berlin"), "2026-10-25 02:00", "2026-10-25 02:30", "2026-10-25 02:59", "2026-10-25 02:00", "2026-10-25 02:30", "2026-10-25 03:00"));

    [Fact]
    public void Where_one_train_follows_the_other_in_the_file_each_begins_that_hour_anew() =>
        Assert.Equal(
            ["25 00:30:00", "25 05:00:00", "25 00:30:00", "25 00:45:00"],
            Texts(new RecordedTime("at", "yyyy-MM-dd HH:mm", "Europe/Berlin"), "2026-10-25 02:30", "2026-10-25 06:00", "2026-10-25 02:30", "2026-10-25 02:45"));

    [Theory]
    [InlineData("unix", "'unix' is no word that is known here; known are iso, unixMicroseconds, unixMilliseconds, unixNanoseconds, unixSeconds, elapsedMilliseconds, elapsedSeconds, excel")]
    [InlineData("ISO8601", "'ISO8601' is no word that is known here")]
    [InlineData("dd.MM. HH:mm", "names no year")]
    [InlineData("HH:mm:ss", "names no day: time.date says it")]
    [InlineData("elapsedSeconds", "needs time.start")]
    [InlineData("yyyy-MM-dd HH:mm:ss", "time.zone '' is not a time zone")]
    [InlineData("excel", "time.zone '' is not a time zone")]
    public void A_format_that_cannot_be_read_is_a_mistake(string format, string says) =>
        Assert.Contains(TimeCheck.Find(new RecordedTime("at", format, null)), mistake => mistake.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("iso")]
    [InlineData("unixNanoseconds")]
    [InlineData("yyyy-MM-dd HH:mm:ssK")]
    [InlineData("yyyyMMddHHmmsszzz")]
    public void A_format_that_says_its_offset_needs_no_zone(string format) => Assert.Empty(TimeCheck.Find(new RecordedTime("at", format, null)));

    private static string? Read(string format, string text, string? zone = null) => new RowTime(new RecordedTime("at", format, zone), ["at"], new Numbers(null)).Read([text])?.ToString("O");

    private static IEnumerable<string?> Texts(RecordedTime time, params string[] texts)
    {
        var rows = new RowTime(time, ["at"], new Numbers(null));
        return [.. texts.Select(text => rows.Read([text])?.ToString("dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture))];
    }
}
