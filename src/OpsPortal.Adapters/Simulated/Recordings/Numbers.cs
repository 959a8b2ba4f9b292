using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Numbers as a recording writes them.</summary>
/// <param name="decimalSign">What stands before the fraction, a point or a comma; null for a point.</param>
internal sealed partial class Numbers(string? decimalSign)
{
    private readonly NumberFormatInfo _format = new() { NumberDecimalSeparator = decimalSign ?? "." };

    /// <summary>A finite number, or null.</summary>
    public double? Read(string text) =>
        double.TryParse(text, NumberStyles.Float, _format, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>A number where every digit counts, without an exponent; or null.</summary>
    public decimal? ReadExactly(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, _format, out var value) ? value : null;

    /// <summary>What to try when a field is no number, or nothing.</summary>
    public string Remedy(string field) =>
        _format.NumberDecimalSeparator == "." && Comma().IsMatch(field) ? "; if that is a decimal comma, the descriptor says \"decimal\": \",\"" : "";

    [GeneratedRegex(@"^[+-]?\d+,\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Comma();
}
