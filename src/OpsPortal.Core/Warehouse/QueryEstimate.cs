using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsPortal.Core.Warehouse;

/// <summary>What a query would cost, as far as the server tells before it runs.</summary>
/// <param name="Words">What is read, in words: "reads all of readings_minute, about 1.2 million rows".</param>
/// <param name="Plan">The server's steps, indented.</param>
/// <param name="Rows">Rows of the largest step; null when they are not known or not to be told to this user.</param>
/// <param name="Unknown">Why they are not told; null when they are.</param>
/// <param name="Weight">What a guard goes by: rows, also those that are not to be told; infinite when it is known to be much but not how much.</param>
/// <param name="Bytes">Bytes of all that is read; null when they are not known or not to be told to this user.</param>
public sealed partial record QueryEstimate(IReadOnlyList<string> Words, IReadOnlyList<string> Plan, double? Rows, string? Unknown, double Weight, double? Bytes = null)
{
    /// <summary>Rows of a query that only takes a table's first rows, whatever the table holds; null when it is another. Plans say the whole table of it.</summary>
    public static long? FirstRowsOf(string text) => FirstRows().Match(text) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : null;

    /// <summary>A number of rows as people say it: "120 rows", "about 1.2 million rows".</summary>
    public static string InWords(double rows) => rows switch
    {
        1 => "1 row",
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, rows):N0} rows"),
        < 999_500 => string.Create(CultureInfo.InvariantCulture, $"about {rows / 1_000:0} thousand rows"),
        < 999.5e6 => string.Create(CultureInfo.InvariantCulture, $"about {rows / 1_000_000:0.#} million rows"),
        < 1e15 => string.Create(CultureInfo.InvariantCulture, $"about {rows / 1_000_000_000:N1} thousand million rows"),
        _ => "more rows than any machine goes through",
    };

    /// <summary>A number of bytes as people say it: "46 bytes", "about 1.2 GB" (thousands, not 1,024).</summary>
    public static string BytesInWords(double bytes) => bytes switch
    {
        1 => "1 byte",
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, bytes):0} bytes"),
        < 999.5e3 => string.Create(CultureInfo.InvariantCulture, $"about {bytes / 1e3:0.#} kB"),
        < 999.5e6 => string.Create(CultureInfo.InvariantCulture, $"about {bytes / 1e6:0.#} MB"),
        < 999.5e9 => string.Create(CultureInfo.InvariantCulture, $"about {bytes / 1e9:0.#} GB"),
        < 1e18 => string.Create(CultureInfo.InvariantCulture, $"about {bytes / 1e12:#,0.#} TB"),
        _ => "more bytes than any machine reads",
    };

    [GeneratedRegex(@"^\s*SELECT\s+\*\s+FROM\s+[a-z_][a-z_0-9]*\s+LIMIT\s+(\d{1,15})\s*;?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FirstRows();
}
