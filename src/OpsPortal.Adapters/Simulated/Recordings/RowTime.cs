using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Reads the times of one recording, row by row from its first: what a clock without a date or an offset says depends on the row before.</summary>
internal sealed partial class RowTime(RecordedTime time, string[] header, Numbers numbers)
{
    private static readonly TimeSpan HalfADay = TimeSpan.FromHours(12);

    private readonly RowText _text = RowText.OfColumn(time.Column!, header);
    private readonly string[] _formats = [.. time.AllFormats];
    private readonly LocalClock? _clock = time.Zone is null ? null : new LocalClock(TimeZoneInfo.FindSystemTimeZoneById(time.Zone));
    private readonly DateTimeOffset _start = ReadIso(time.Start ?? "", null) ?? DateTimeOffset.UnixEpoch;
    private readonly DateTimeOffset _notBefore = ReadIso(time.NotBefore ?? "", null) ?? DateTimeOffset.MinValue;
    private readonly DateTimeOffset _notAfter = ReadIso(time.NotAfter ?? "", null) ?? DateTimeOffset.MaxValue;
    private DateTime _day = DateTime.TryParseExact(time.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : default;
    private TimeSpan _timeOfDay;

    /// <summary>The row's time as it is written.</summary>
    public string Text(string[] row) => _text.Fill(row);

    /// <summary>The time in UTC, or null when it cannot be read, or cannot be.</summary>
    public DateTimeOffset? Read(string[] row) => Read(Text(row)) is { } at && at >= _notBefore && at <= _notAfter ? at : null;

    /// <summary>A time with an offset or Z; one without only by the clock given.</summary>
    public static DateTimeOffset? ReadIso(string text, LocalClock? clock)
    {
        var match = IsoTime().Match(text);
        if (!match.Success || !DateTime.TryParse($"{match.Groups["day"].Value}T{match.Groups["time"].Value.Replace(',', '.')}", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return null;
        }

        return match.Groups["offset"] is { Success: true } offset ? ReadOffset(offset.Value) is { } east ? Shift(local, -east) : null : clock?.Read(local);
    }

    private DateTimeOffset? Read(string text) => _formats[0] switch
    {
        TimeFormat.Iso => ReadIso(text, _clock),
        TimeFormat.Excel => ReadExcel(text),
        var format when TimeFormat.SinceEpoch.TryGetValue(format, out var perSecond) => Since(DateTimeOffset.UnixEpoch, text, perSecond, least: 1),
        var format when TimeFormat.SinceStart.TryGetValue(format, out var perSecond) => Since(_start, text, perSecond, least: 0),
        _ => ReadFormatted(text),
    };

    // Decimal: a double loses microseconds of today's Unix time.
    private DateTimeOffset? Since(DateTimeOffset start, string text, int perSecond, int least) =>
        numbers.ReadExactly(text) is { } number && number >= least && number / perSecond < 253_402_300_800 - start.ToUnixTimeSeconds()
            ? start.AddTicks((long)(number / perSecond * TimeSpan.TicksPerSecond))
            : null;

    // To the millisecond: a day's fraction is no more exact.
    private DateTimeOffset? ReadExcel(string text) =>
        numbers.Read(text) is > 0 and < 2_958_466 and var days ? _clock?.Read(new DateTime(1899, 12, 30).AddMilliseconds(Math.Round(days * 86_400_000))) : null;

    private DateTimeOffset? ReadFormatted(string text)
    {
        // An offset makes it UTC; without one it is what the zone's clock showed; without a day it stays on the first of all days.
        const DateTimeStyles styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault;
        if (!DateTime.TryParseExact(text, _formats, CultureInfo.InvariantCulture, styles, out var at)
            && !DateTime.TryParseExact(TooFine().Replace(text, "$1"), _formats, CultureInfo.InvariantCulture, styles, out at))
        {
            return null;
        }

        if (at.Kind == DateTimeKind.Utc)
        {
            return new DateTimeOffset(at);
        }

        return at.Date == default ? _day == default ? null : _clock?.Read(OnItsDay(at.TimeOfDay)) : _clock?.Read(at);
    }

    // Midnight is passed where the clock goes back by more than half a day.
    private DateTime OnItsDay(TimeSpan timeOfDay)
    {
        _day = _timeOfDay - timeOfDay > HalfADay ? _day.AddDays(1) : _day;
        _timeOfDay = timeOfDay;
        return _day + timeOfDay;
    }

    private static DateTimeOffset? Shift(DateTime local, TimeSpan by) =>
        local.Ticks + by.Ticks is > 0 and var ticks && ticks < DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static TimeSpan? ReadOffset(string text)
    {
        if (!char.IsAsciiDigit(text[^1]))
        {
            return TimeSpan.Zero;
        }

        var digits = text[1..].Replace(":", "", StringComparison.Ordinal);
        var (hours, minutes) = (int.Parse(digits[..2], CultureInfo.InvariantCulture), digits.Length > 2 ? int.Parse(digits[2..], CultureInfo.InvariantCulture) : 0);
        return hours > 14 || minutes > 59 ? null : new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
    }

    [GeneratedRegex(@"^(?<day>\d{4}-\d\d-\d\d)[Tt ](?<time>\d\d:\d\d(:\d\d([.,]\d+)?)?) ?(?<offset>[Zz]|UTC|GMT|[+-]\d\d(:?\d\d)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex IsoTime();

    // Seven digits of a second are what a time can hold.
    [GeneratedRegex(@"([.,]\d{7})\d+", RegexOptions.CultureInvariant)]
    private static partial Regex TooFine();
}
