using System.Globalization;
using System.Text;
using OpsPortal.Api;
using OpsPortal.Core.Audit;

namespace OpsPortal.Audit;

/// <summary>Rows as CSV (RFC 4180, UTF-8), for people who open it in a spreadsheet: what would be taken for a formula there gets an apostrophe in front.</summary>
internal static class AuditCsv
{
    public const string Header = "number,at,who,act,on,from,outcome,detail,correlation,hash\r\n";

    private static readonly System.Buffers.SearchValues<char> Quoted = System.Buffers.SearchValues.Create("\",\r\n");

    /// <summary>One line.</summary>
    public static string Line(AuditRow row)
    {
        var (line, entry) = (new StringBuilder(), row.Entry);
        line.Append(row.Number.ToString(CultureInfo.InvariantCulture)).Append(',').Append(entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        foreach (var text in new[] { entry.Who, entry.Act, entry.On, entry.From, entry.Outcome, entry.Detail, entry.Correlation, row.Hash })
        {
            line.Append(',').Append(Cell(text ?? ""));
        }

        return line.Append("\r\n").ToString();
    }

    private static string Cell(string text)
    {
        var plain = SpreadsheetFormula.IsBegunBy(text) ? "'" + text : text;
        return plain.AsSpan().ContainsAny(Quoted) ? $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : plain;
    }
}
