using System.Globalization;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Numbers as recordings write them.</summary>
internal static class Numbers
{
    /// <summary>A finite number, or null.</summary>
    public static double? Read(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
