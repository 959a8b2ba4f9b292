using System.Globalization;
using System.Text.RegularExpressions;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>What EXPLAIN says, line by line, as PostgreSQL writes it and Redshift too (there with XN in front). Only steps are kept: conditions hold the policies' own texts.</summary>
internal static partial class ServerPlan
{
    /// <param name="lines">EXPLAIN's lines.</param>
    /// <param name="tables">The server's estimate of each table's rows.</param>
    /// <param name="tellsRows">Whether this user may know of whole tables how many rows they have.</param>
    public static QueryEstimate Read(IEnumerable<string> lines, IReadOnlyDictionary<string, long> tables, bool tellsRows, long? firstRows)
    {
        var (words, plan, weight) = (new List<string>(), new List<string>(), 0.0);
        foreach (var step in lines.Select(line => Step().Match(line)).Where(step => step.Success))
        {
            var (node, rows) = (step.Groups["node"].Value.Trim(), double.Parse(step.Groups["rows"].ValueSpan, CultureInfo.InvariantCulture));
            plan.Add($"{step.Groups["indent"].Value}{node}{(tellsRows ? string.Create(CultureInfo.InvariantCulture, $" (rows={rows:0})") : "")}");
            weight = Math.Max(weight, rows);
            if (Scan().Match(node) is { Success: true } scan)
            {
                var (table, isWhole) = (scan.Groups["table"].Value, scan.Groups["how"].Value.Contains("Seq", StringComparison.Ordinal));
                var all = Math.Max(rows, tables.GetValueOrDefault(table));
                weight = isWhole ? Math.Max(weight, all) : weight;
                words.Add((isWhole ? $"reads all of {table}" : $"looks up a part of {table}") + (tellsRows ? $", {QueryEstimate.InWords(isWhole ? all : rows)}" : ""));
            }
        }

        if (firstRows is { } few)
        {
            (weight, words) = (Math.Min(few, weight), tellsRows ? [$"reads the first {QueryEstimate.InWords(Math.Min(few, weight))}"] : words);
        }

        return new QueryEstimate(
            [.. words.Distinct()], plan, tellsRows ? weight : null, tellsRows ? null : "How many rows tables have is told to those who see the whole fleet.", weight);
    }

    [GeneratedRegex(@"^(?<indent>\s*)(?:->\s+)?(?<node>\S.*?)\s+\(cost=\S+ rows=(?<rows>\d+) width=\d+\)")]
    private static partial Regex Step();

    [GeneratedRegex(@"(?<how>(?:Seq|Index|Index Only|Bitmap Heap|Multi) Scan)\b.*? on (?:\w+\.)?(?<table>\w+)")]
    private static partial Regex Scan();
}
