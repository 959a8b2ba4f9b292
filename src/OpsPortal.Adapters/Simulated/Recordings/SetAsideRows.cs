using System.Globalization;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Rows that cannot be played: how many by reason, and the first of each as an example.</summary>
internal sealed class SetAsideRows
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

    /// <param name="example">Asked for the first row of a reason only; null when the reason says it all.</param>
    public void Add(string reason, Func<string?> example)
    {
        _counts[reason] = Of(reason) + 1;
        if (!_examples.ContainsKey(reason))
        {
            _examples[reason] = example();
        }
    }

    /// <summary>Every reason, the commonest first: <c>badTrainId 12,431, e.g. 'IC 123'</c>.</summary>
    public string InWords() => string.Join("; ", _counts.OrderByDescending(reason => reason.Value).Select(reason => InWords(reason.Key, reason.Value)));

    /// <summary>A field as it is shown in a message.</summary>
    public static string Shown(string field) => $"'{(field.Length > LongestExample ? field[..LongestExample] + "…" : field)}'";

    private string InWords(string reason, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{reason} {count:N0}{(_examples[reason] is { } example ? $", e.g. {example}" : "")}");
}
