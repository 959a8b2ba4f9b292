using System.Text.RegularExpressions;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>
/// What SQLite would do, step by step. Steps beside each other are loops in loops: their rows multiply. SQLite says whether a table is gone through or looked up in, not how many rows
/// that gives, so what is looked up counts as one row, and what a subquery gives too: the estimate is of what is certainly read.
/// </summary>
internal sealed partial class QueryPlan
{
    private readonly List<Step> _steps = [];

    /// <summary>Tables that are gone through, and so are to be counted.</summary>
    public IEnumerable<string> Scanned => _steps.Where(step => step.Table is not null && step.IsScan).Select(step => step.Table!).Distinct();

    /// <summary>Tables named in any step.</summary>
    public IEnumerable<string> Tables => _steps.Select(step => step.Table).OfType<string>().Distinct();

    public void Add(int id, int parent, string detail)
    {
        var match = Reads().Match(detail);
        var table = match.Success && QueryConnection.Views.Contains(match.Groups["table"].Value) ? match.Groups["table"].Value : null;
        _steps.Add(new Step(id, parent, OwnFile().Replace(detail, ""), table, match.Groups["how"].Value == "SCAN"));
    }

    /// <summary>The estimate, with the rows that each table has for this user; a table that is not in it could not be counted.</summary>
    public QueryEstimate Estimate(IReadOnlyDictionary<string, long> rows, long? firstRows)
    {
        var uncounted = Scanned.Where(table => !rows.ContainsKey(table)).ToList();
        if (firstRows is { } few && _steps is [{ IsScan: true, Table: { } only }, ..])
        {
            var most = Math.Min(few, rows.GetValueOrDefault(only, few));
            return new QueryEstimate([$"reads the first {QueryEstimate.InWords(most)} of {only}"], Lines(0, 0), most, null, most);
        }

        var weight = uncounted.Count > 0 ? double.PositiveInfinity : Weigh(0, rows);
        return new QueryEstimate(
            [.. _steps.Where(step => step.Table is not null).Select(step => Words(step, rows)).Distinct()],
            Lines(0, 0),
            uncounted.Count > 0 ? null : weight,
            uncounted.Count > 0 ? $"The rows of {string.Join(", ", uncounted)} could not be counted in time, which is taken for very many." : null,
            weight);
    }

    private static string Words(Step step, IReadOnlyDictionary<string, long> rows)
    {
        var size = rows.TryGetValue(step.Table!, out var count) ? QueryEstimate.InWords(count) : "more rows than could be counted in time";
        return step.IsScan ? $"reads all of {step.Table}, {size}" : $"looks up a part of {step.Table}, which has {size}";
    }

    private double Weigh(int parent, IReadOnlyDictionary<string, long> rows)
    {
        var (loops, inside) = (1.0, 0.0);
        var isLoop = false;
        foreach (var step in _steps.Where(step => step.Parent == parent))
        {
            if (step.Table is { } table)
            {
                isLoop = true;
                loops *= step.IsScan ? rows[table] : 1;
            }
            else
            {
                inside += Weigh(step.Id, rows) * (step.Detail.StartsWith("CORRELATED", StringComparison.Ordinal) ? Math.Max(1, loops) : 1);
            }
        }

        return inside + (isLoop ? loops : 0);
    }

    private List<string> Lines(int parent, int depth) =>
        [.. _steps.Where(step => step.Parent == parent && !IsScopes(step)).SelectMany(step => Lines(step.Id, depth + 1).Prepend($"{new string(' ', 2 * depth)}{step.Detail}"))];

    // The scope's own lists, not the query's.
    private bool IsScopes(Step step) => step.Detail.Contains("scope_names", StringComparison.Ordinal) || _steps.Exists(below => below.Parent == step.Id && below.Detail.Contains("scope_names", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<how>SCAN|SEARCH) f[0-9a-f]{32}\.(?<table>\w+)")]
    private static partial Regex Reads();

    [GeneratedRegex(@"\bf[0-9a-f]{32}\.")]
    private static partial Regex OwnFile();

    private sealed record Step(int Id, int Parent, string Detail, string? Table, bool IsScan);
}
