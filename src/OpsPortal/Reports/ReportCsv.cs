using System.Globalization;
using OpsPortal.Api;
using OpsPortal.Core.Reports;
using OpsPortal.Workbench;

namespace OpsPortal.Reports;

/// <summary>A report as CSV: a line for each value, with all it belongs to, so that a spreadsheet can filter and pivot it. All rows, also those the page leaves out.</summary>
internal static class ReportCsv
{
    private static readonly string[] Head = ["report", "from", "to", "as_of", "line", "class", "train", "table", "row", "figure", "value", "unit"];

    public static string Of(Report report, string? stale)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Line(text, Head);
        foreach (var figure in report.Figures)
        {
            Line(text, [.. About(report), "whole period", null, figure.Figure.Name, Number(figure.Value), Unit(figure.Figure)]);
        }

        foreach (var table in report.Tables)
        {
            foreach (var row in table.Rows)
            {
                foreach (var (cell, column) in row.Cells.Zip(table.Columns))
                {
                    Line(text, [.. About(report), table.Title, row.Name, column.Figure.Name, Number(cell.Value), Unit(column.Figure)]);
                }
            }
        }

        // What the figures do not know goes along with them.
        foreach (var limit in stale is null ? report.Limits : [.. report.Limits, stale])
        {
            Line(text, [.. About(report), "limits", limit, null, null, null]);
        }

        return text.ToString();
    }

    /// <summary>"report-alerts-20261122-20261129.csv"; a limited one says so in its name.</summary>
    public static string FileName(Report report, string? stale)
    {
        var limited = report.Limits.Count > 0 || stale is not null ? "-limited" : "";
        var (from, to) = (TimeZoneInfo.ConvertTime(report.Question.From, report.Question.Zone), TimeZoneInfo.ConvertTime(report.Question.End, report.Question.Zone));
        return string.Create(CultureInfo.InvariantCulture, $"report-{report.Kind.Name}-{from:yyyyMMdd}-{to:yyyyMMdd}{limited}.csv");
    }

    private static string?[] About(Report report) =>
        [report.Kind.Name, Time(report.Question.From), Time(report.Question.End), Time(report.Question.AsOf), report.Question.Line, report.Question.Class, report.Question.TrainId];

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Unit(Figure figure) => WireJson.Word(figure.Unit);

    private static void Line(StringWriter text, string?[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                text.Write(',');
            }

            Cells.WriteCsv(text, cells[i]);
        }

        text.Write("\r\n");
    }
}
