using System.Globalization;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>Says in words which sensors carry an anomaly: "Axle box 3-2 right 78 °C, expected 61; 71 % of the score".</summary>
internal static class Explanation
{
    private const double WorthNaming = 0.15;

    public static string Of(Train train, IReadOnlyList<SensorShare> shares)
    {
        if (shares.Count == 0)
        {
            return "An unusual combination of readings";
        }

        var text = Describe(train, shares[0]) + string.Create(CultureInfo.InvariantCulture, $"; {shares[0].Share:0 %} of the score");
        return shares.Count > 1 && shares[1].Share >= WorthNaming
            ? text + string.Create(CultureInfo.InvariantCulture, $". {Describe(train, shares[1])}; {shares[1].Share:0 %}")
            : text;
    }

    private static string Describe(Train train, SensorShare share)
    {
        var sensor = train.Describe(share.Sensor);
        var format = sensor.Decimals == 0 ? "0" : "0." + new string('#', Math.Clamp(sensor.Decimals, 1, 6));
        var observed = share.Observed.ToString(format, CultureInfo.InvariantCulture);
        var text = share.Unit.Length == 0 ? $"{sensor.Words} {observed}" : $"{sensor.Words} {observed} {share.Unit}";
        text = char.ToUpperInvariant(text[0]) + text[1..];
        return double.IsNaN(share.Expected) ? text : $"{text}, expected {share.Expected.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
