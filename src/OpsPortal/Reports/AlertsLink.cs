using OpsPortal.Alerts;
using OpsPortal.Core.Reports;

namespace OpsPortal.Reports;

/// <summary>The address of the alerts that a figure counts.</summary>
internal static class AlertsLink
{
    public static string? Of(AlertsBehind? behind) => behind is null ? null : new AlertFilter(null, behind.Severity, behind.TrainId, null)
    {
        Group = behind.NotAcknowledged ? AlertGroup.NotAcknowledged : behind.Open ? null : AlertGroup.Any,
        Subsystem = behind.Subsystem,
        Line = behind.Line,
        Class = behind.Class,
        RaisedFrom = behind.From,
        RaisedTo = behind.To,
    }.Address;

    /// <summary>The report of one train, from its page or its alert.</summary>
    public static string ToReport(string trainId) => $"/reports/worst?period=30d&train={Uri.EscapeDataString(trainId)}";
}
