using System.Globalization;

namespace OpsPortal.Core.Reports;

/// <summary>What a figure is counted in.</summary>
public enum FigureUnit
{
    /// <summary>A number of things, whole.</summary>
    Count,

    /// <summary>0 to 100.</summary>
    Percent,

    /// <summary>A time, in seconds.</summary>
    Seconds,
}

/// <summary>How a figure is rounded before it is given to anybody.</summary>
public enum FigureRounding
{
    /// <summary>To the nearest whole.</summary>
    Nearest,

    /// <summary>To a tenth, down: 100 % only where nothing is missing.</summary>
    TenthDown,

    /// <summary>To a tenth, up: 0 % only where there is nothing.</summary>
    TenthUp,
}

/// <summary>A figure: what it is called, what it counts and how it is rounded. All there are stand in <see cref="Figures"/>.</summary>
/// <param name="Id">For programs.</param>
/// <param name="Counts">What it is computed from and what it does not know, for people.</param>
public sealed record Figure(string Id, string Name, string Counts, FigureUnit Unit, FigureRounding Rounding = FigureRounding.Nearest)
{
    // What binary fractions are off by must not cost a tenth.
    private const double Hair = 1e-9;

    /// <summary>The value as it is given out; null where there is none.</summary>
    public double? Round(double? value) => Rounding switch
    {
        _ when value is null => null,
        FigureRounding.TenthDown => Math.Floor(value.Value * 10 + Hair) / 10,
        // Plus zero: there is no negative nothing.
        FigureRounding.TenthUp => (Math.Ceiling(value.Value * 10 - Hair) / 10) + 0.0,
        _ => Math.Round(value.Value, MidpointRounding.AwayFromZero),
    };

    /// <summary>The value in words, with its unit; a dash where there is none: no figure is neither nothing nor everything.</summary>
    public string Words(double? value) => (Round(value), Unit) switch
    {
        (null, _) => "–",
        ({ } percent, FigureUnit.Percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.0} %"),
        ({ } seconds, FigureUnit.Seconds) => Duration((long)seconds),
        var (count, _) => count.Value.ToString("N0", CultureInfo.InvariantCulture),
    };

    // Two parts are enough to compare by.
    private static string Duration(long seconds) => seconds switch
    {
        < 60 => Text($"{seconds} s"),
        < 3_600 => Text($"{seconds / 60} min {seconds % 60:00} s"),
        < 86_400 => Text($"{seconds / 3_600} h {seconds / 60 % 60:00} min"),
        _ => Text($"{seconds / 86_400} d {seconds / 3_600 % 24:00} h"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
