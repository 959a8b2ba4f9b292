using System.Globalization;
using OpsPortal.Core.Reports;

namespace OpsPortal.Reports;

/// <summary>A report that can be asked for.</summary>
internal sealed record ReportKindJson(string Name, string Title, string About)
{
    public static ReportKindJson Of(ReportKind kind) => new(kind.Name, kind.Title, kind.About);
}

/// <summary>A report.</summary>
/// <param name="Zone">Where days and months begin.</param>
/// <param name="Limited">What is not known or left out; null when it is all.</param>
/// <param name="Stale">Why it may be out of date; null when it is not.</param>
/// <param name="Lines">Lines of the trains you may see.</param>
/// <param name="Classes">Their classes.</param>
/// <param name="TrainName">What people call the train asked for.</param>
internal sealed record ReportJson(
    string Name, string Title, string About, DateTimeOffset From, DateTimeOffset To, string Zone, string? Line, string? Class, string? Train, string? TrainName, DateTimeOffset AsOf, string? Limited, string? Stale,
    IReadOnlyList<FigureJson> Figures, IReadOnlyList<ChartJson> Charts, IReadOnlyList<ReportTableJson> Tables, IReadOnlyList<string> Lines, IReadOnlyList<string> Classes)
{
    public static ReportJson Of(Report report, ReportFacts facts, string? stale)
    {
        var question = report.Question;
        return new(
            report.Kind.Name, report.Kind.Title, report.Kind.About, question.From, question.To, question.Zone.Id, question.Line, question.Class, question.TrainId,
            facts.Trains.FirstOrDefault(train => train.Id == question.TrainId)?.Name, question.AsOf, report.Limits.Count == 0 ? null : string.Join(' ', report.Limits), stale,
            [.. report.Figures.Select(figure => FigureJson.Of(figure, question.AsOf))],
            [.. report.Charts.Select(ChartJson.Of)],
            [.. report.Tables.Select(ReportTableJson.Of)],
            Names(facts.Trains.Select(train => train.Line)),
            Names(facts.Trains.Select(train => train.Class)));
    }

    private static List<string> Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>A figure of the whole period.</summary>
/// <param name="Counts">What it is computed from.</param>
/// <param name="Value">Rounded; null where there is none: never 0 or 100 instead.</param>
/// <param name="Text">The value in words, with its unit.</param>
/// <param name="Before">Of the period of the same length just before; null where that is not known.</param>
/// <param name="Alerts">Address of the alerts it counts.</param>
internal sealed record FigureJson(string Id, string Name, string Counts, FigureUnit Unit, double? Value, string Text, double? Before, string? BeforeText, DateTimeOffset AsOf, string? Alerts)
{
    public static FigureJson Of(ReportFigure figure, DateTimeOffset asOf) => new(
        figure.Figure.Id, figure.Figure.Name, figure.Figure.Counts, figure.Figure.Unit, figure.Value, figure.Figure.Words(figure.Value), figure.Before,
        figure.Before is null ? null : figure.Figure.Words(figure.Before), asOf, AlertsLink.Of(figure.Behind));
}

/// <summary>A picture of a table's columns.</summary>
/// <param name="Kind">line or bar.</param>
/// <param name="Columns">Ids of columns.</param>
/// <param name="MostRows">Only so many rows are drawn; null for all.</param>
internal sealed record ChartJson(string Kind, string Title, string Table, IReadOnlyList<string> Columns, bool Stacked, bool Horizontal, int? MostRows)
{
    public static ChartJson Of(ReportChart chart) => new(chart.Kind, chart.Title, chart.Table, chart.Columns, chart.IsStacked, chart.IsHorizontal, chart.MostRows);
}

/// <summary>A table.</summary>
/// <param name="RowName">What a row is.</param>
/// <param name="Limited">Why these are not all rows and how to get the rest; null when they are.</param>
internal sealed record ReportTableJson(string Id, string Title, string RowName, IReadOnlyList<ReportColumnJson> Columns, IReadOnlyList<ReportRowJson> Rows, string? Limited)
{
    /// <summary>More than this nobody reads; the CSV has all.</summary>
    public const int MostRows = 100;

    public static ReportTableJson Of(ReportTable table) => new(
        table.Id, table.Title, table.RowName,
        [.. table.Columns.Select(column => new ReportColumnJson(column.Id, column.Figure.Name, column.Figure.Counts, column.Figure.Unit))],
        [.. table.Rows.Take(MostRows).Select(row => ReportRowJson.Of(row, table))],
        table.Rows.Count > MostRows ? string.Create(CultureInfo.InvariantCulture, $"The first {MostRows} of {table.Rows.Count:N0} rows; format=csv has all.") : null);
}

/// <summary>A column of a table.</summary>
internal sealed record ReportColumnJson(string Id, string Name, string Counts, FigureUnit Unit);

/// <summary>A row of a table.</summary>
/// <param name="Train">Id of the train it is about, if it is about one.</param>
internal sealed record ReportRowJson(string Name, string? Train, IReadOnlyList<ReportCellJson> Cells)
{
    public static ReportRowJson Of(ReportRow row, ReportTable table) =>
        new(row.Name, row.TrainId, [.. row.Cells.Select((cell, i) => new ReportCellJson(cell.Value, table.Columns[i].Figure.Words(cell.Value), AlertsLink.Of(cell.Behind)))]);
}

/// <summary>A value of a table.</summary>
/// <param name="Value">Rounded; null where there is none.</param>
/// <param name="Text">In words.</param>
/// <param name="Alerts">Address of the alerts it counts.</param>
internal sealed record ReportCellJson(double? Value, string Text, string? Alerts);
