using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>How a time is written: words of our own for what .NET's format strings cannot say, and what is known of such a string.</summary>
internal static partial class TimeFormat
{
    /// <summary>ISO 8601 with an offset; without one only where the descriptor names a zone.</summary>
    public const string Iso = "iso";

    /// <summary>Days since 1899-12-30, as spreadsheets count them, by the clock of the zone.</summary>
    public const string Excel = "excel";

    /// <summary>Counts since 1970, UTC: how many make a second. Fractions are read.</summary>
    public static readonly FrozenDictionary<string, int> SinceEpoch = new Dictionary<string, int>
    {
        ["unixSeconds"] = 1,
        ["unixMilliseconds"] = 1_000,
        ["unixMicroseconds"] = 1_000_000,
        ["unixNanoseconds"] = 1_000_000_000,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Counts since <c>time.start</c>: how many make a second.</summary>
    public static readonly FrozenDictionary<string, int> SinceStart = new Dictionary<string, int>
    {
        ["elapsedSeconds"] = 1,
        ["elapsedMilliseconds"] = 1_000,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> Words { get; } = [Iso, .. SinceEpoch.Keys.Order(StringComparer.Ordinal), .. SinceStart.Keys.Order(StringComparer.Ordinal), Excel];

    /// <summary>Whether times of this format are UTC, or say their offset, by themselves.</summary>
    public static bool HasOwnZone(string format) => format == Iso || SinceEpoch.ContainsKey(format) || SinceStart.ContainsKey(format) || (!Words.Contains(format) && Offset().IsMatch(Bare(format)));

    /// <summary>Whether it names hours and no day: the descriptor says the day.</summary>
    public static bool IsTimeOfDay(string format) => !Words.Contains(format) && format.Length > 1 && !Day().IsMatch(Bare(format));

    /// <summary>What is wrong with it, or null.</summary>
    public static string? Mistake(string format)
    {
        if (Words.Contains(format))
        {
            return null;
        }

        if (Word().IsMatch(format) && !Pattern().IsMatch(format))
        {
            return $"time.format '{format}' is no word that is known here; known are {string.Join(", ", Words)}, or a pattern such as yyyy-MM-dd HH:mm:ss";
        }

        return format.Length > 1 && !IsTimeOfDay(format) && !Bare(format).Contains('y', StringComparison.Ordinal) ? $"time.format '{format}' names no year" : null;
    }

    // Without what stands in quotes or behind a backslash: that is text.
    private static string Bare(string format) => Literal().Replace(format, "");

    [GeneratedRegex("""'[^']*'|"[^"]*"|\\.""", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();

    [GeneratedRegex("[Kz]", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();

    [GeneratedRegex("[dMy]", RegexOptions.CultureInvariant)]
    private static partial Regex Day();

    [GeneratedRegex(@"^[A-Za-z]{2}[A-Za-z0-9]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("yy|HH|hh|mm", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
