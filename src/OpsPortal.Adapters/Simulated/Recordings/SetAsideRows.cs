using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Rows that cannot be played: how many by reason, and the first of each as an example.</summary>
internal sealed partial class SetAsideRows
{
    private const int LongestExample = 60;

    // Rows of these are left out because the descriptor or the options say so: nothing is wrong with them.
    private static readonly string[] Meant = ["ended", "notRunningYet", "notWanted", "skipped"];

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _examples = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);

    /// <summary>Rows that were left out on purpose.</summary>
    public long OnPurpose => Meant.Sum(Of);

    public long Of(string reason) => _counts.GetValueOrDefault(reason);

    /// <returns>True when it is the first of this reason: then an example is asked for.</returns>
    public bool Add(string reason)
    {
        _counts[reason] = Of(reason) + 1;
        return _counts[reason] == 1;
    }

    /// <param name="example">Null when the reason says it all.</param>
    public void Explain(string reason, string? example) => _examples[reason] = example;

    /// <summary>Every reason, the commonest first: <c>badTrainId 12,431, e.g. 'IC 123'</c>.</summary>
    public string InWords() => string.Join("; ", _counts.OrderByDescending(reason => reason.Value).Select(reason => InWords(reason.Key, reason.Value)));

    /// <summary>A field as it is shown in a message: not too long, and nothing hides in it.</summary>
    public static string Shown(string field) => $"'{Hidden().Replace(field.Length > LongestExample ? field[..LongestExample] + "…" : field, "\uFFFD")}'";

    private string InWords(string reason, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{reason} {count:N0}{(_examples[reason] is { } example ? $", e.g. {example}" : "")}");

    // Controls, what turns text around, what has no width, halves of characters.
    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]", RegexOptions.CultureInvariant)]
    private static partial Regex Hidden();
}
