using OpsPortal.Api;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>Reads what is to be saved and gathers what is wrong with it. The text need not run yet: people save what they are in the middle of.</summary>
internal sealed class SavedQueryForm
{
    public const int LongestName = 80;

    private const int MostValues = 100;
    private const int LongestValue = 10_000;
    private const int LongestColumn = 200;
    private const int MostColumns = 12;

    private static readonly string[] Types = ["text", "number", "boolean", "time", "null"];
    private static readonly string[] Kinds = ["line", "bar", "scatter", "map"];

    private readonly Dictionary<string, string[]> _wrong = [];

    /// <summary>The answer to what cannot be saved; null when all can.</summary>
    public IResult? Refusal => _wrong.Count > 0 ? Problem.Of(_wrong) : null;

    public string Name(string? name)
    {
        var called = name?.Trim() ?? "";
        Note("name", ShownName.Wrong(called, LongestName));
        return called;
    }

    public long Revision(long? revision)
    {
        Note("revision", revision is null or < 1 ? "Must be the revision that you saw." : null);
        return revision ?? 0;
    }

    public SavedText Text(string? sql, IReadOnlyDictionary<string, SavedValue?>? values, SavedChart? chart)
    {
        Note("sql", string.IsNullOrWhiteSpace(sql) ? "Must hold a text." : sql.Length > QueryText.Longest ? $"Must have at most {QueryText.Longest:N0} characters." : null);
        Note("values", values?.Count > MostValues ? $"Must be at most {MostValues}." : null);
        foreach (var (name, value) in values ?? new Dictionary<string, SavedValue?>())
        {
            Note(
                $"values.{(name.Length > LongestColumn ? name[..LongestColumn] : name)}",
                name.Length is 0 or > LongestColumn ? $"Its name must have 1 to {LongestColumn} characters."
                : value?.Type is null || value.Value is null || !Types.Contains(value.Type) || value.Value.Length > LongestValue ? $"Must have a type ({string.Join(", ", Types)}) and a value of at most {LongestValue:N0} characters."
                : null);
        }

        Note("chart", chart is null ? null : Wrong(chart));
        return new SavedText(sql ?? "", (values ?? new Dictionary<string, SavedValue?>()).ToDictionary(value => value.Key, value => value.Value ?? new SavedValue("null", "")), chart);
    }

    private static string? Wrong(SavedChart chart) =>
        !Kinds.Contains(chart.Kind) ? $"The kind must be {string.Join(", ", Kinds)}."
        : !IsColumn(chart.X) || chart.Y is not { Count: > 0 and <= MostColumns } || !chart.Y.All(IsColumn) || (chart.By is not null && !IsColumn(chart.By)) ? $"Must name a column for x and 1 to {MostColumns} for y."
        : null;

    private static bool IsColumn(string? name) => name is { Length: > 0 and <= LongestColumn };

    private void Note(string field, string? wrong)
    {
        if (wrong is not null)
        {
            _wrong[field] = [wrong];
        }
    }
}
