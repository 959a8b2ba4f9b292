namespace OpsPortal.Workbench;

/// <summary>Addresses that open the workbench with a query ready, and know the way back.</summary>
internal static class WorkbenchLink
{
    /// <summary>Readings around an alert.</summary>
    public static string ToAlert(string alertId, string trainId) =>
        $"/workbench?starter=alert-readings&alert={Uri.EscapeDataString(alertId)}&back={Uri.EscapeDataString($"/alerts?train={Uri.EscapeDataString(trainId)}")}";

    /// <summary>Readings of a train.</summary>
    public static string ToTrain(string trainId) =>
        $"/workbench?starter=train-readings&train={Uri.EscapeDataString(trainId)}&back={Uri.EscapeDataString($"/trains/{Uri.EscapeDataString(trainId)}")}";
}
