using System.Globalization;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;

namespace OpsPortal.Alerts;

/// <summary>Alerts as people speak of them; states after ISA-18.2.</summary>
internal static class AlertWords
{
    public static string Of(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.Warning => "warning",
        _ => "watch",
    };

    public static string Of(AlertState state) => state switch
    {
        AlertState.Unacknowledged => "not acknowledged",
        AlertState.Acknowledged => "acknowledged",
        AlertState.ReturnedUnacknowledged => "gone, not acknowledged",
        AlertState.Cleared => "cleared",
        AlertState.Latched => "latched",
        AlertState.Shelved => "shelved",
        AlertState.Suppressed => "suppressed by design",
        _ => "out of service",
    };

    public static string Of(AcknowledgeOutcome outcome) => outcome switch
    {
        AcknowledgeOutcome.Acknowledged => "acknowledged",
        AcknowledgeOutcome.AlreadyAcknowledged => "was acknowledged already",
        AcknowledgeOutcome.NotFound => "not found",
        _ => "refused",
    };

    /// <summary>"78.2 °C, expected 61.0".</summary>
    public static string Deviation(SensorShare share)
    {
        var observed = Number(share.Observed) + (share.Unit.Length == 0 ? "" : " " + share.Unit);
        var way = share.Direction == Direction.High ? "high" : "low";
        return double.IsFinite(share.Expected) ? $"{observed}, expected {Number(share.Expected)} ({way})" : $"{observed} ({way})";
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
