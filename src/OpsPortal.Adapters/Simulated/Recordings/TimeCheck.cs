using System.Globalization;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Finds what is wrong with how a descriptor says that times are written.</summary>
internal static class TimeCheck
{
    public static IEnumerable<string> Find(RecordedTime time) => [.. FindInFormats(time), .. FindInZone(time), .. FindInInstants(time)];

    private static IEnumerable<string> FindInFormats(RecordedTime time)
    {
        if (time.AllFormats.Count == 0 || time.AllFormats.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"time.format is missing, e.g. yyyy-MM-dd HH:mm:ss, or {string.Join(", ", TimeFormat.Words)}";
            yield break;
        }

        if (time is { Format: not null, Formats: not null })
        {
            yield return "time.formats stands in place of time.format: name one of them";
        }

        if (time.AllFormats.Count > 1 && time.AllFormats.Intersect(TimeFormat.Words).FirstOrDefault() is { } word)
        {
            yield return $"time.formats takes patterns such as yyyy-MM-dd HH:mm:ss; '{word}' can only stand alone";
        }

        foreach (var mistake in time.AllFormats.Select(TimeFormat.Mistake).OfType<string>())
        {
            yield return mistake;
        }

        if (time.AllFormats.FirstOrDefault(TimeFormat.IsTimeOfDay) is { } clock && time.Date is null)
        {
            yield return $"time.format '{clock}' names no day: time.date says it, e.g. 2026-11-21";
        }

        if (time.AllFormats.FirstOrDefault(format => TimeFormat.IsTimeOfDay(format) && TimeFormat.HasOwnZone(format)) is { } shifted)
        {
            yield return $"time.format '{shifted}' has an offset and no day: a time of the day is read by the clock of time.zone";
        }
    }

    private static IEnumerable<string> FindInZone(RecordedTime time)
    {
        if (time.Zone is null ? !time.AllFormats.All(TimeFormat.HasOwnZone) : !TimeZoneInfo.TryFindSystemTimeZoneById(time.Zone, out _))
        {
            yield return $"time.zone '{time.Zone}' is not a time zone that this machine knows; name one such as UTC or Europe/Lisbon";
        }
    }

    private static IEnumerable<string> FindInInstants(RecordedTime time)
    {
        if (time.Date is { } date && !DateTime.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            yield return $"time.date '{date}' must be a day such as 2026-11-21";
        }

        foreach (var (key, text) in new[] { ("start", time.Start), ("notBefore", time.NotBefore), ("notAfter", time.NotAfter) })
        {
            if (text is not null && RowTime.ReadIso(text, null) is null)
            {
                yield return $"time.{key} '{text}' must be an instant such as 2026-11-21T20:00:00Z";
            }
        }

        if (time.Start is null && time.AllFormats.FirstOrDefault(TimeFormat.SinceStart.ContainsKey) is { } elapsed)
        {
            yield return $"time.format '{elapsed}' needs time.start: the instant that it counts from";
        }
    }
}
