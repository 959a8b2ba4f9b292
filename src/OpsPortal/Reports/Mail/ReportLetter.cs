using System.Globalization;
using System.Net;
using System.Text;
using OpsPortal.Core.Mail;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Reports.Mail;

namespace OpsPortal.Reports.Mail;

/// <summary>A report as a mail: what is not known first, then the figures, the first rows of each table, and all of it as CSV. No picture and nothing to load: a mail tells nobody that it was read.</summary>
internal static class ReportLetter
{
    private const int MostRows = 20;
    private const string Cell = "padding:4px 12px 4px 0;border-bottom:1px solid #c9ced6;text-align:";

    public static OutgoingMail Of(MailedReport mailed, MadeReport made, string key, string? portal)
    {
        var report = made.Report;
        var title = $"{report.Kind.Title}: {Period(report.Question)}{report.Question.Narrowed()}";
        IReadOnlyList<string> notes = made.Stale is null ? report.Limits : [.. report.Limits, made.Stale];
        var link = portal is null ? null : $"{portal.TrimEnd('/')}{Address(report)}";
        var end = End(mailed, portal);
        var file = new MailFile(ReportCsv.FileName(report, made.Stale), "text/csv", Encoding.UTF8.GetBytes(ReportCsv.Of(report, made.Stale)));
        return new OutgoingMail(mailed.To, $"OpsPortal · {title}{(notes.Count > 0 ? " (limited)" : "")}", Text(report, title, notes, link, end), Html(report, title, notes, link, end), key, [file]);
    }

    private static string Text(Report report, string title, IReadOnlyList<string> notes, string? link, string end)
    {
        var text = new StringBuilder().AppendLine(title).AppendLine(report.Kind.About).AppendLine();
        foreach (var note in notes)
        {
            text.AppendLine($"! {note}");
        }

        text.AppendLine(notes.Count > 0 ? "" : null);
        foreach (var figure in report.Figures)
        {
            text.AppendLine($"{figure.Figure.Name}: {figure.Figure.Words(figure.Value)}{Before(figure)}");
        }

        foreach (var table in report.Tables)
        {
            text.AppendLine().AppendLine(table.Title).AppendLine($"{table.RowName}: {string.Join(" · ", table.Columns.Select(column => column.Figure.Name))}");
            foreach (var row in table.Rows.Take(MostRows))
            {
                text.AppendLine($"{row.Name}: {string.Join(" · ", row.Cells.Zip(table.Columns, (cell, column) => column.Figure.Words(cell.Value)))}");
            }

            text.AppendLine(Rest(table, report));
        }

        return text.AppendLine().AppendLine(link).AppendLine(end).ToString();
    }

    private static string Html(Report report, string title, IReadOnlyList<string> notes, string? link, string end)
    {
        var html = new StringBuilder()
            .Append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>").Append(E(title))
            .Append("</title></head><body style=\"font-family:system-ui,sans-serif;max-width:60em\"><h1 style=\"font-size:1.3em\">").Append(E(title)).Append("</h1><p>").Append(E(report.Kind.About)).Append("</p>");
        foreach (var note in notes)
        {
            html.Append("<p style=\"border-left:4px solid #b45309;padding-left:8px\"><strong>Note:</strong> ").Append(E(note)).Append("</p>");
        }

        html.Append("<table style=\"border-collapse:collapse\">");
        foreach (var figure in report.Figures)
        {
            html.Append("<tr><th scope=\"row\" style=\"").Append(Cell).Append("left\">").Append(E(figure.Figure.Name)).Append("</th><td style=\"").Append(Cell).Append("right\">")
                .Append(E(figure.Figure.Words(figure.Value))).Append("</td><td style=\"").Append(Cell).Append("left\">").Append(E(Before(figure).Trim())).Append("</td></tr>");
        }

        html.Append("</table>");
        foreach (var table in report.Tables)
        {
            Table(html, table, report);
        }

        if (link is not null)
        {
            html.Append("<p><a href=\"").Append(E(link)).Append("\">Open this report in OpsPortal</a></p>");
        }

        return html.Append("<p style=\"font-size:0.85em\">").Append(E(end)).Append("</p></body></html>").ToString();
    }

    private static void Table(StringBuilder html, ReportTable table, Report report)
    {
        html.Append("<h2 style=\"font-size:1.1em\">").Append(E(table.Title)).Append("</h2><table style=\"border-collapse:collapse\"><thead><tr><th scope=\"col\" style=\"").Append(Cell).Append("left\">").Append(E(table.RowName)).Append("</th>");
        foreach (var column in table.Columns)
        {
            html.Append("<th scope=\"col\" style=\"").Append(Cell).Append("right\">").Append(E(column.Figure.Name)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var row in table.Rows.Take(MostRows))
        {
            html.Append("<tr><th scope=\"row\" style=\"").Append(Cell).Append("left\">").Append(E(row.Name)).Append("</th>");
            foreach (var (cell, column) in row.Cells.Zip(table.Columns))
            {
                html.Append("<td style=\"").Append(Cell).Append("right\">").Append(E(column.Figure.Words(cell.Value))).Append("</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table><p>").Append(E(Rest(table, report))).Append("</p>");
    }

    private static string Before(ReportFigure figure) => figure.Before is null ? "" : $" (before: {figure.Figure.Words(figure.Before)})";

    private static string Rest(ReportTable table, Report report) => table.Rows.Count switch
    {
        0 when report.Figures.All(figure => figure.Value is null) => "Not known for this period.",
        0 => "None in this period.",
        > MostRows => string.Create(CultureInfo.InvariantCulture, $"The first {MostRows} of {table.Rows.Count:N0} rows; the CSV has all."),
        _ => "",
    };

    private static string Period(ReportQuestion question)
    {
        var (first, last) = (Day(question.From, question.Zone), Day(question.To.AddTicks(-1), question.Zone));
        return $"{(first == last ? first : $"{first} to {last}")} ({question.Zone.Id})";
    }

    private static string Day(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Address(Report report)
    {
        var question = report.Question;
        var day = (DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, question.Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var parts = new[] { ("from", day(question.From)), ("to", day(question.To.AddTicks(-1))), ("line", question.Line), ("class", question.Class), ("train", question.TrainId) };
        return $"/reports/{report.Kind.Name}?{string.Join('&', parts.Where(part => part.Item2 is not null).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}"))}";
    }

    private static string End(MailedReport mailed, string? portal)
    {
        var where = portal is null ? "in OpsPortal under Reports, By mail" : $"at {portal.TrimEnd('/')}/reports/mail";
        return string.Create(CultureInfo.InvariantCulture, $"Sent because {mailed.OwnerName} asked for it, with what {mailed.OwnerName} may see. They end or prolong these mails {where}; without that the last one goes before {Day(mailed.Until, mailed.Times.Zone)}.");
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
