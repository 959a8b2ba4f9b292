using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OpsPortal.Core.Reports.Mail;

namespace OpsPortal.Tests.Reports.Mail;

public sealed class MailTimesTests
{
    private static MailTimes Times(MailRhythm every, string at = "07:00", string zone = "Europe/London") =>
        new(every, TimeOnly.ParseExact(at, "HH:mm", CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(MailRhythm.Day, "2026-11-29T06:59:59Z", "2026-11-29T07:00:00Z", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z")]
    [InlineData(MailRhythm.Day, "2026-11-29T07:00:00Z", "2026-11-30T07:00:00Z", "2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z")]
    [InlineData(MailRhythm.Week, "2026-11-29T12:00:00Z", "2026-11-30T07:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")]
    [InlineData(MailRhythm.Week, "2026-11-30T07:00:00Z", "2026-12-07T07:00:00Z", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z")]
    [InlineData(MailRhythm.Month, "2026-11-29T12:00:00Z", "2026-12-01T07:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")]
    [InlineData(MailRhythm.Month, "2026-12-31T12:00:00Z", "2027-01-01T07:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    // A week with the hour that is left out in spring, and one with the hour that comes twice in autumn.
    [InlineData(MailRhythm.Week, "2026-03-29T12:00:00Z", "2026-03-30T06:00:00Z", "2026-03-23T00:00:00Z", "2026-03-29T23:00:00Z")]
    [InlineData(MailRhythm.Week, "2026-10-25T12:00:00Z", "2026-10-26T07:00:00Z", "2026-10-18T23:00:00Z", "2026-10-26T00:00:00Z")]
    public void The_next_mail_is_about_the_last_day_week_or_month_that_is_over(MailRhythm every, string after, string due, string from, string to)
    {
        var next = Times(every).NextAfter(At(after));

        Assert.Equal(At(due), next);
        Assert.Equal((At(from), At(to)), Times(every).About(next));
    }

    [Fact]
    public void A_time_that_clocks_leave_out_is_an_hour_later_and_one_that_comes_twice_is_the_first()
    {
        Assert.Equal(At("2026-03-29T01:30:00Z"), Times(MailRhythm.Day, "01:30").NextAfter(At("2026-03-29T00:00:00Z")));
        Assert.Equal(At("2026-10-25T00:30:00Z"), Times(MailRhythm.Day, "01:30").NextAfter(At("2026-10-25T00:00:00Z")));
        Assert.Equal(At("2026-10-26T01:30:00Z"), Times(MailRhythm.Day, "01:30").NextAfter(At("2026-10-25T00:30:00Z")));
    }

    [Fact]
    public void In_any_zone_mails_follow_each_other_without_a_gap_or_an_overlap_and_lie_after_what_they_are_about()
    {
        var zones = TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId).Select(zone => zone.Id).ToArray();
        Prop.ForAll(
            Gen.Choose(0, zones.Length - 1).Zip(Gen.Choose(0, 20 * 366 * 24 * 60)).Zip(Gen.Choose(0, 1439).Zip(Gen.Choose(0, 2))).ToArbitrary(),
            drawn =>
            {
                var ((zone, minutes), (at, rhythm)) = drawn;
                var times = new MailTimes((MailRhythm)rhythm, TimeOnly.MinValue.AddMinutes(at), TimeZoneInfo.FindSystemTimeZoneById(zones[zone]));
                var now = new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes);
                var (last, next) = (times.LastUntil(now), times.NextAfter(now));
                return last <= now && next > now && times.NextAfter(last) == next && times.LastUntil(next) == next
                    && times.About(last).To == times.About(next).From && times.About(next).From < times.About(next).To && times.About(next).To <= next;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
