using OpsPortal.Api;
using OpsPortal.Core.Reports;

namespace OpsPortal.Reports;

/// <summary>Reads what a report is asked about; what is wrong is gathered in the reader.</summary>
internal static class ReportForm
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    /// <summary>The question, or null when something is wrong.</summary>
    public static ReportQuestion? Read(QueryReader reader, ReportMaker maker, string? from, string? to, string? line, string? trainClass, string? train, string? zone)
    {
        var range = reader.Range(from, to);
        var (lineName, className, trainId) = (reader.Text("line", line), reader.Text("class", trainClass), reader.Text("train", train));
        var id = reader.Text("zone", zone) ?? "UTC";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found))
        {
            reader.Refuse("zone", "Must be the name of a time zone, such as Europe/London: days and months begin there.");
        }

        var now = maker.Ask(default, default, TimeZoneInfo.Utc, null, null, null).AsOf;
        // To the second: the links that come of it are for people.
        var (end, start) = (range.To ?? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)), range.From);
        start ??= Room(end, Usual) ? end - Usual : end;
        if (reader.Refusal is null)
        {
            CheckLength(reader, start.Value, end, now);
        }

        return reader.Refusal is null ? maker.Ask(start.Value, end, found!, lineName, className, trainId) : null;
    }

    private static void CheckLength(QueryReader reader, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        if (from >= to)
        {
            reader.Refuse("to", "Must be after from.");
        }
        else if (from >= now)
        {
            reader.Refuse("from", "Must not lie ahead: there is nothing to report yet.");
        }
        else if (to - from > TimeSpan.FromDays(ReportQuestion.LongestDays))
        {
            reader.Refuse("to", $"Must be at most {ReportQuestion.LongestDays} days after from; ask for the rest in another report.");
        }
        else if (!Room(from, to - from))
        {
            reader.Refuse("from", "Must be a time of this age.");
        }
    }

    // The period before must exist, too.
    private static bool Room(DateTimeOffset at, TimeSpan back) => at.UtcTicks > back.Ticks + TimeSpan.TicksPerDay;
}
