namespace OpsPortal.Api;

/// <summary>The one place that says which texts a spreadsheet would calculate instead of showing: in a CSV they get an apostrophe in front.</summary>
internal static class SpreadsheetFormula
{
    /// <summary>Whether a cell of this text would be taken for a formula.</summary>
    public static bool IsBegunBy(string text)
    {
        // Nearly all: said at once.
        if (text.Length == 0 || char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        // Spreadsheets look behind blanks, too, and take the wide forms of the signs.
        var start = text.AsSpan().TrimStart();
        return (start.Length > 0 && start[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠') || text is ['\t' or '\r' or '\n', ..];
    }
}
