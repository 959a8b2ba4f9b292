using System.Globalization;
using System.Text;

namespace OpsPortal.Layout;

/// <summary>
/// Text from trains, files and operators as it is shown: what hides in it or turns other text around (controls, bidi, zero-width, lone
/// surrogates) is made visible as <c>‹U+202E›</c>, marks piled on a letter end with the fourth, and what is too long is cut with …. The
/// stores and the HTTP API keep and give it as it came. The same in readable.ts.
/// </summary>
internal static class Readable
{
    /// <summary>A name is shown to this many characters.</summary>
    public const int LongestName = 200;

    /// <summary>Any other text is shown to this many characters.</summary>
    public const int Longest = 4_000;

    private const int MostMarks = 4;

    public static string Name(string text) => Text(text, LongestName);

    public static string Text(string text, int most = Longest)
    {
        var shown = new StringBuilder();
        var (count, marks) = (0, 0);
        for (var i = 0; i < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, i, out var rune);
            var category = isWhole ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            var part = marks > MostMarks ? "" : IsHidden(category) ? Say(isWhole ? rune.Value : text[i]) : rune.ToString();
            foreach (var character in part.EnumerateRunes())
            {
                if (++count > most)
                {
                    return shown.Append('…').ToString();
                }

                shown.Append(character);
            }

            i += isWhole ? rune.Utf16SequenceLength : 1;
        }

        return shown.ToString();
    }

    private static bool IsHidden(UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Say(int codePoint) => string.Create(CultureInfo.InvariantCulture, $"‹U+{codePoint:X4}›");
}
