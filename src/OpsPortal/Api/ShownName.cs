using System.Globalization;
using System.Text;

namespace OpsPortal.Api;

/// <summary>A name that a user gives to something of theirs. It stands in lists and in the audit log: nothing that turns the text around or hides in it.</summary>
internal static class ShownName
{
    /// <summary>What is wrong with it, or null.</summary>
    public static string? Wrong(string name, int longest)
    {
        if (name.Length == 0 || name.Length > longest)
        {
            return $"Must have 1 to {longest} characters.";
        }

        return name.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            ? "Must not hold control or invisible characters."
            : null;
    }
}
