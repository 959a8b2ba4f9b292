namespace OpsPortal.Core.Alerts;

/// <summary>Safety class by subsystem: A endangers the run of the train, B its comfort or availability.</summary>
public static class SafetyClasses
{
    /// <summary>"A" for what can derail, set on fire or fail to stop a train, else "B".</summary>
    public static string Of(string subsystem) => subsystem is "axleBox" or "bogie" or "brakes" ? "A" : "B";
}
