using System.Globalization;

namespace OpsPortal.Workbench;

/// <summary>Whether numbers survive as what readers make of them: nobody rounds them unasked.</summary>
internal static class ExactNumber
{
    // A double holds 15 digits whatever they are.
    private const int AlwaysKept = 15;

    // And whole numbers up to this one.
    private const long LargestWhole = (1L << 53) - 1;

    /// <summary>Whether a reader of JSON, who makes a double of the number, has it as it was: short, whole and not too large, or a double's own text. Any other may hold more than a double does.</summary>
    public static bool IsKeptByDouble(string text)
    {
        if (text.Length > AlwaysKept && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole is >= -LargestWhole and <= LargestWhole;
        }

        Span<char> own = stackalloc char[32];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            && (text.Length <= AlwaysKept || (number.TryFormat(own, out var length, "R", CultureInfo.InvariantCulture) && text.AsSpan().Equals(own[..length], StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The number as long, double or decimal, whichever is the first to hold all its digits; null when none does.</summary>
    public static object? Read(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        var digits = Digits(text);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Digits(number.ToString("R", CultureInfo.InvariantCulture)) == digits ? number
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && Digits(exact.ToString(CultureInfo.InvariantCulture)) == digits ? exact
            : null;
    }

    // 0.150, .15 and 15e-2 have the same: 15, two places down.
    private static (string Digits, int Power) Digits(string number)
    {
        var exponent = number.IndexOfAny(['e', 'E']);
        var mantissa = exponent < 0 ? number : number[..exponent];
        var power = exponent >= 0 && int.TryParse(number.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var said) ? said : 0;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '+', '0');
        var digits = all.TrimEnd('0');
        return digits.Length == 0 ? ("", 0) : (digits, power + all.Length - digits.Length - (point < 0 ? 0 : mantissa.Length - point - 1));
    }
}
