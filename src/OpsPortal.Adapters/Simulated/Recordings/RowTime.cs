using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Reads a row's time.</summary>
internal sealed partial class RowTime(RecordedTime time, string[] header)
{
    /// <summary>The format that stands for ISO 8601 with an offset.</summary>
    public const string Iso = "iso";

    private readonly int _column = Array.IndexOf(header, time.Column);
    private readonly TimeZoneInfo _zone = time.Zone is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(time.Zone);

    /// <summary>The time in UTC, or null when it cannot be read.</summary>
    public DateTimeOffset? Read(string[] row) => time.Format == Iso ? ReadIso(row[_column]) : ReadLocal(row[_column]);

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
