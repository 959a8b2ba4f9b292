using System.Globalization;
using System.Text.RegularExpressions;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>What EXPLAIN says, line by line, as PostgreSQL writes it and Redshift too (there with XN in front). Only steps are kept: conditions hold the policies' own texts.</summary>
internal static partial class ServerPlan
{
    /// <param name="lines">EXPLAIN's lines.</param>
    /// <param name="sizes">What the server keeps of its tables.</param>
    /// <param name="tellsRows">Whether this user may know of whole tables how many rows and bytes they have.</param>
    /// <param name="firstRows">Rows that are asked for, when the query takes a table's first rows and nothing else.</param>
    public static QueryEstimate Read(IEnumerable<string> lines, TableSizes sizes, bool tellsRows, long? firstRows)
    {
        var steps = lines.Select(line => Step().Match(line)).Where(step => step.Success).Select(PlanStep.Of).ToList();
        var scans = steps.Select(step => TableScan.Of(step, sizes)).OfType<TableScan>().Select(scan => firstRows is { } few ? scan.Only(few) : scan).ToList();
        var weight = steps.Select(step => step.Rows).Concat(scans.Where(scan => scan.IsWhole).Select(scan => scan.Rows)).DefaultIfEmpty().Max();
        weight = firstRows is { } most ? Math.Min(most, weight) : weight;
        var words = firstRows is not null && tellsRows
            ? [$"reads the first {QueryEstimate.InWords(weight)}{(scans is [{ Bytes: { } bytes }] ? $", {QueryEstimate.BytesInWords(bytes)}" : "")}"]
            : scans.Select(scan => scan.Words(tellsRows)).Distinct().ToList();
        if (tellsRows && scans.Count > 0 && steps[0].Gives(firstRows) is { } given)
        {
            words.Add(given);
        }

        return new QueryEstimate(
            words,
            [.. steps.Select(step => step.Line(tellsRows))],
            tellsRows ? weight : null,
            tellsRows ? null : "How many rows and bytes tables have is told to those who see the whole fleet.",
            weight,
            // A sum with a part missing would pass for the whole.
            tellsRows && scans.Count > 0 && scans.All(scan => scan.Bytes is not null) ? scans.Sum(scan => scan.Bytes) : null);
    }

    [GeneratedRegex(@"^(?<indent>\s*)(?:->\s+)?(?<node>\S.*?)\s+\(cost=\S+ rows=(?<rows>\d+) width=(?<width>\d+)\)")]
    private static partial Regex Step();

    [GeneratedRegex(@"(?<how>(?:Seq|Index|Index Only|Bitmap Heap|Multi) Scan)\b.*? on (?:\w+\.)?(?<table>\w+)")]
    private static partial Regex Scan();

    private sealed record PlanStep(string Indent, string Node, double Rows, double Width)
    {
        public static PlanStep Of(Match step) => new(
            step.Groups["indent"].Value, step.Groups["node"].Value.Trim(),
            double.Parse(step.Groups["rows"].ValueSpan, CultureInfo.InvariantCulture), double.Parse(step.Groups["width"].ValueSpan, CultureInfo.InvariantCulture));

        public string Line(bool tellsRows) => $"{Indent}{Node}{(tellsRows ? string.Create(CultureInfo.InvariantCulture, $" (rows={Rows:0})") : "")}";

        /// <summary>The result, when this is the uppermost step: "gives 2 rows, 46 bytes".</summary>
        public string? Gives(long? firstRows)
        {
            var rows = Math.Min(firstRows ?? double.PositiveInfinity, Rows);
            return Width > 0 ? $"gives {QueryEstimate.InWords(rows)}, {QueryEstimate.BytesInWords(rows * Width)}" : null;
        }
    }

    /// <param name="Rows">Rows that are read: of a table gone through all, whatever of them is kept.</param>
    /// <param name="RowBytes">Null when nobody says: a count of rows needs no column, and the plan's rows are then 0 bytes wide, which is not what is read.</param>
    private sealed record TableScan(string Table, bool IsWhole, double Rows, double? RowBytes)
    {
        public double? Bytes => Rows * RowBytes;

        public static TableScan? Of(PlanStep step, TableSizes sizes)
        {
            if (Scan().Match(step.Node) is not { Success: true } scan)
            {
                return null;
            }

            var (table, isWhole) = (scan.Groups["table"].Value, scan.Groups["how"].Value.Contains("Seq", StringComparison.Ordinal));
            var rows = isWhole ? Math.Max(step.Rows, sizes.Rows.GetValueOrDefault(table)) : step.Rows;
            return new TableScan(table, isWhole, rows, sizes.RowBytes.TryGetValue(table, out var kept) ? kept : step.Width > 0 ? step.Width : null);
        }

        public TableScan Only(long most) => this with { Rows = Math.Min(most, Rows) };

        public string Words(bool tellsRows) =>
            (IsWhole ? $"reads all of {Table}" : $"looks up a part of {Table}")
            + (tellsRows ? $", {QueryEstimate.InWords(Rows)}{(Bytes is { } bytes ? $", {QueryEstimate.BytesInWords(bytes)}" : "")}" : "");
    }
}
