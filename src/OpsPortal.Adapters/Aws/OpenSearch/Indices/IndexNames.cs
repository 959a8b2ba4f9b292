using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>The names of indices: a prefix, a name of a fixed list, and an ending made of a time or a number. Nothing that others wrote stands in one.</summary>
internal sealed class IndexNames(IOptions<OpenSearchOptions> options)
{
    private const string Day = "yyyy.MM.dd";
    private const string Month = "yyyy.MM";

    // Under another name than a time: a train whose clock is far off must not make thousands of indices.
    private const string Elsewhen = "elsewhen";

    // An index of so many rows has about 300 MB.
    private const int AuditRows = 1_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(2);

    // What is older when it comes would go with the next clearing away: it has one index for all of a day's, kept as long from there.
    private readonly TimeSpan _longestReading = options.Value.KeepReadings + TimeSpan.FromDays(1);

    public string Prefix { get; } = options.Value.IndexPrefix;

    public string Trains => Of(IndexFamily.Trains);

    public string Registry => Of(IndexFamily.Registry);

    public string Alerts => Of(IndexFamily.Alerts);

    /// <summary>What a search in the family asks: the index, or all of the family.</summary>
    public string PatternOf(IndexFamily family) => family.IsFamily ? $"{Of(family)}-*" : Of(family);

    /// <summary>By the time of the event, so that finding it again leads to the same index and there meets the same id.</summary>
    public string AnomaliesOf(DateTimeOffset measuredAt, DateTimeOffset receivedAt) =>
        Of(IndexFamily.Anomalies, IsElsewhen(measuredAt, receivedAt, Longest) ? Elsewhen : Time(measuredAt, Month));

    public string ReadingsOf(DateTimeOffset start, DateTimeOffset receivedAt) =>
        Of(IndexFamily.Readings, IsElsewhen(start, receivedAt, _longestReading) ? $"{Elsewhen}-{Time(receivedAt, Day)}" : Time(start, Day));

    public string DeadLettersOf(DateTimeOffset receivedAt) => Of(IndexFamily.DeadLetters, Time(receivedAt, Month));

    /// <summary>By number, not by month: two writers at the turn of a month would otherwise both take the next number, each in an index of its own.</summary>
    public string AuditOf(long number) => Of(IndexFamily.Audit, (number / AuditRows).ToString("00000", CultureInfo.InvariantCulture));

    /// <summary>When the time of an index ends, from its name; null when it has none.</summary>
    public DateTimeOffset? EndOf(IndexFamily family, string index)
    {
        var ending = (index.StartsWith(Of(family) + "-", StringComparison.Ordinal) ? index[(Of(family).Length + 1)..] : "").Replace(Elsewhen + "-", "", StringComparison.Ordinal);
        return Start(ending, Day) is { } day ? day.AddDays(1) : Start(ending, Month) is { } month ? month.AddMonths(1) : null;
    }

    /// <summary>An id that OpenSearch takes: never empty, at most 512 bytes.</summary>
    public static string Id(string text) =>
        text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= 400 ? text : "sha256-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Of(IndexFamily family) => Prefix + family.Name;

    private string Of(IndexFamily family, string ending) => $"{Of(family)}-{ending}";

    private static bool IsElsewhen(DateTimeOffset at, DateTimeOffset receivedAt, TimeSpan longest) => receivedAt - at > longest || at - receivedAt > Ahead;

    private static string Time(DateTimeOffset at, string form) => at.UtcDateTime.ToString(form, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Start(string ending, string form) =>
        DateTimeOffset.TryParseExact(ending, form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? start : null;
}
