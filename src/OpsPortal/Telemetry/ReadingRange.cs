using System.Globalization;
using System.Text.RegularExpressions;
using OpsPortal.Api;

namespace OpsPortal.Telemetry;

/// <summary>Which readings, and how fine.</summary>
internal sealed partial record ReadingRange(DateTimeOffset From, DateTimeOffset To, TimeSpan Resolution)
{
    /// <summary>Most points in one answer.</summary>
    public const int MostPoints = 2_000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(15);

    /// <summary>Reads a range; what is missing is the last 15 minutes, as fine as 2,000 points allow. Gives null when something is wrong: the query then holds what.</summary>
    /// <param name="keptFor">No range may be longer: no reading is older.</param>
    public static ReadingRange? Read(QueryReader query, string? from, string? to, string? resolution, TimeSpan keptFor, DateTimeOffset now)
    {
        var asked = query.Range(from, to);
        var step = ReadResolution(query, resolution);
        if (query.Refusal is not null)
        {
            return null;
        }

        var end = asked.To ?? now;
        var start = asked.From ?? end - Default;
        var range = end - start;
        if (range <= TimeSpan.Zero)
        {
            query.Refuse("from", "Must be before to, which is now unless it is given.");
        }
        else if (range > keptFor)
        {
            query.Refuse("from", $"The range is {Words(range)}; readings are kept for {Words(keptFor)}, so no range may be longer.");
        }
        else if (step is { } fixedStep && range / fixedStep > MostPoints)
        {
            query.Refuse("resolution", $"Gives more than {MostPoints} points; ask for {FinestFor(range).TotalSeconds:0} s or more, or for a shorter range.");
        }

        return query.Refusal is null ? new ReadingRange(start, end, step ?? FinestFor(range)) : null;
    }

    /// <summary>The finest multiple of 10 s that gives no more points than allowed.</summary>
    public static TimeSpan FinestFor(TimeSpan range) =>
        Window * Math.Max(1, Math.Ceiling(range / Window / MostPoints));

    private static TimeSpan? ReadResolution(QueryReader query, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var match = Duration().Match(text);
        var seconds = match.Success ? long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * Unit(match.Groups["unit"].ValueSpan) : 0;
        if (seconds > 0 && seconds % (long)Window.TotalSeconds == 0)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        query.Refuse("resolution", "Must be a multiple of 10 s: seconds, or a number with s, m or h, such as 10s, 5m or 1h.");
        return null;
    }

    private static int Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "m" => 60,
        "h" => 3_600,
        _ => 1,
    };

    private static string Words(TimeSpan time) =>
        time.TotalDays >= 2 ? $"{time.TotalDays:0.#} days" : time.TotalHours >= 2 ? $"{time.TotalHours:0.#} hours" : $"{time.TotalMinutes:0.#} minutes";

    [GeneratedRegex(@"^(?<number>\d{1,6})(?<unit>[smh]?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
