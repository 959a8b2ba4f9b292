namespace OpsPortal.Core.Reports.Mail;

/// <summary>How often a report is sent.</summary>
public enum MailRhythm
{
    /// <summary>Every day, about the day before.</summary>
    Day,

    /// <summary>Every Monday, about the week before, from Monday to Sunday (ISO 8601).</summary>
    Week,

    /// <summary>Every first of a month, about the month before.</summary>
    Month,
}

/// <summary>When a report is sent, and about which time: the last day, week or month that is over.</summary>
/// <param name="At">Time of day, in the zone. Where clocks go forward over it, it is sent when they have; where they go back, the first time.</param>
/// <param name="Zone">Where days begin.</param>
public sealed record MailTimes(MailRhythm Every, TimeOnly At, TimeZoneInfo Zone)
{
    /// <summary>The first moment after the one given at which a report is sent.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset after)
    {
        var day = First(Local(after));
        while (Moment(day) <= after)
        {
            day = Step(day, 1);
        }

        return Moment(day);
    }

    /// <summary>The last moment at or before the one given at which a report is sent.</summary>
    public DateTimeOffset LastUntil(DateTimeOffset until)
    {
        var day = First(Local(until));
        while (Moment(day) > until)
        {
            day = Step(day, -1);
        }

        return Moment(day);
    }

    /// <summary>What a report sent at that moment is about.</summary>
    public (DateTimeOffset From, DateTimeOffset To) About(DateTimeOffset dueAt)
    {
        var day = First(Local(dueAt));
        return (Begin(Step(day, -1)), Begin(day));
    }

    private DateOnly Local(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);

    // The day on which the running day, week or month begins.
    private DateOnly First(DateOnly day) => Every switch
    {
        MailRhythm.Day => day,
        MailRhythm.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        _ => new DateOnly(day.Year, day.Month, 1),
    };

    private DateOnly Step(DateOnly day, int steps) => Every switch
    {
        MailRhythm.Day => day.AddDays(steps),
        MailRhythm.Week => day.AddDays(7 * steps),
        _ => day.AddMonths(steps),
    };

    private DateTimeOffset Begin(DateOnly day) => ReportStep.Moment(day.ToDateTime(TimeOnly.MinValue), Zone);

    private DateTimeOffset Moment(DateOnly day) => ReportStep.Moment(day.ToDateTime(At), Zone);
}
