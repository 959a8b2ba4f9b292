using System.Globalization;

namespace OpsPortal.Core.Reports;

/// <summary>What a report is asked about; null means "any".</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive; may lie ahead.</param>
/// <param name="Zone">Where days and months begin.</param>
/// <param name="AsOf">When it is asked: nothing later is counted.</param>
/// <param name="ExpectedUntil">Minutes that begin before are expected to have come.</param>
public sealed record ReportQuestion(DateTimeOffset From, DateTimeOffset To, TimeZoneInfo Zone, string? Line, string? Class, string? TrainId, DateTimeOffset AsOf, DateTimeOffset ExpectedUntil)
{
    /// <summary>Longest period, in days.</summary>
    public const int LongestDays = 366;

    private const int MostDaysByHour = 2;
    private const int MostDaysByDay = 62;

    /// <summary>Where the period ends, as far as it is over.</summary>
    public DateTimeOffset End => To < AsOf ? To : AsOf;

    /// <summary>Where the period of the same length just before begins; it ends at <see cref="From"/>.</summary>
    public DateTimeOffset BeforeFrom => From - (End - From);

    /// <summary>What it is narrowed to, to be put behind a name: ", line West Coast, train 390-042"; nothing when it is not.</summary>
    public string Narrowed() => Narrowed(Line, Class, TrainId);

    /// <inheritdoc cref="Narrowed()"/>
    public static string Narrowed(string? line, string? trainClass, string? trainId) =>
        string.Concat(new[] { ("line", line), ("class", trainClass), ("train", trainId) }.Where(filter => filter.Item2 is not null).Select(filter => $", {filter.Item1} {filter.Item2}"));

    /// <summary>The hours, days or months of the period, oldest first, as long as it is over.</summary>
    public IReadOnlyList<ReportStep> Steps => ReportStep.Cut(From, End, Zone, StepKind);

    /// <summary>The months of the period, oldest first.</summary>
    public IReadOnlyList<ReportStep> Months => ReportStep.Cut(From, End, Zone, ReportStepKind.Month);

    /// <summary>What <see cref="Steps"/> are.</summary>
    public ReportStepKind StepKind => (To - From).TotalDays switch { <= MostDaysByHour => ReportStepKind.Hour, <= MostDaysByDay => ReportStepKind.Day, _ => ReportStepKind.Month };
}

/// <summary>How long a step is.</summary>
public enum ReportStepKind
{
    Hour,
    Day,
    Month,
}

/// <summary>An hour, day or month, or the part of one that is inside the period.</summary>
/// <param name="Name">In the zone: "29 Nov 14:00", "Sun 29 Nov", "Nov 2026".</param>
public sealed record ReportStep(DateTimeOffset Start, DateTimeOffset End, string Name)
{
    /// <summary>Cuts a time into steps that begin where the zone's own hours, days or months do.</summary>
    public static IReadOnlyList<ReportStep> Cut(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, ReportStepKind kind)
    {
        var steps = new List<ReportStep>();
        for (var start = from; start < to;)
        {
            var next = Next(start, zone, kind);
            var end = next < to ? next : to;
            steps.Add(new ReportStep(start, end, Words(TimeZoneInfo.ConvertTime(start, zone), kind)));
            start = end;
        }

        return steps;
    }

    private static DateTimeOffset Next(DateTimeOffset at, TimeZoneInfo zone, ReportStepKind kind)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        if (kind == ReportStepKind.Hour)
        {
            // Counted in real hours: in autumn one of them comes twice.
            return at + (TimeSpan.FromHours(1) - new TimeSpan(local.TimeOfDay.Ticks % TimeSpan.TicksPerHour));
        }

        var next = kind == ReportStepKind.Day ? local.Date.AddDays(1) : new DateTime(local.Year, local.Month, 1).AddMonths(1);
        return Moment(next, zone);
    }

    /// <summary>The moment at which a zone's clocks show that time: the first of two in autumn, an hour later where clocks go forward over it (some zones have no midnight then).</summary>
    public static DateTimeOffset Moment(DateTime local, TimeZoneInfo zone)
    {
        var there = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = zone.IsAmbiguousTime(there) ? zone.GetAmbiguousTimeOffsets(there).Max() : zone.GetUtcOffset(there);
        return new DateTimeOffset(there, offset).ToUniversalTime();
    }

    private static string Words(DateTimeOffset local, ReportStepKind kind) =>
        local.ToString(kind switch { ReportStepKind.Hour => "d MMM HH:mm", ReportStepKind.Day => "ddd d MMM", _ => "MMM yyyy" }, CultureInfo.InvariantCulture);
}
