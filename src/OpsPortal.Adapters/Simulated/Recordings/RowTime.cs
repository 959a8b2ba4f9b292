using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Reads a row's time.</summary>
internal sealed partial class RowTime(RecordedTime time, string[] header, Numbers numbers)
{
    /// <summary>The format that stands for ISO 8601 with an offset.</summary>
    public const string Iso = "iso";

    /// <summary>The formats that stand for seconds and milliseconds since 1970, UTC; seconds may have a fraction.</summary>
    public const string UnixSeconds = "unixSeconds";

    /// <inheritdoc cref="UnixSeconds"/>
    public const string UnixMilliseconds = "unixMilliseconds";

    private readonly int _column = Array.IndexOf(header, time.Column);
    private readonly TimeZoneInfo _zone = time.Zone is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(time.Zone);

    /// <summary>The time in UTC, or null when it cannot be read.</summary>
    public DateTimeOffset? Read(string[] row) => time.Format switch
    {
        Iso => ReadIso(row[_column]),
        UnixSeconds => ReadUnix(row[_column], 1),
        UnixMilliseconds => ReadUnix(row[_column], 1_000),
        _ => ReadLocal(row[_column]),
    };

    /// <summary>Whether times of this format are UTC by themselves.</summary>
    public static bool HasOwnZone(string? format) => format is Iso or UnixSeconds or UnixMilliseconds;

    // Decimal: a double loses microseconds of today's Unix time.
    private DateTimeOffset? ReadUnix(string text, int perSecond) =>
        numbers.ReadExactly(text) is { } number && number / perSecond is > 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(number / perSecond * TimeSpan.TicksPerSecond))
            : null;

    // A time without an offset could be anybody's.
    private static DateTimeOffset? ReadIso(string text) =>
        EndsWithOffset().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at.ToUniversalTime() : null;

    private DateTimeOffset? ReadLocal(string text)
    {
        if (!DateTime.TryParseExact(text, time.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || _zone.IsInvalidTime(local))
        {
            return null;
        }

        return new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), _zone.GetUtcOffset(local)).ToUniversalTime();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex EndsWithOffset();
}
