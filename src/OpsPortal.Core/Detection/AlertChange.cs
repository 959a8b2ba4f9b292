using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>What the detector says about one alert: its side of it, numbered.</summary>
/// <param name="AlertId">Derived from train, subsystem and the first anomaly's event time.</param>
public sealed record AlertChange(string AlertId, TrainIdentity Train, string Subsystem, AlertEpisode Episode);

/// <summary>What came of one message.</summary>
/// <param name="Anomaly">The anomaly in it, or null.</param>
/// <param name="Changes">Changes of alerts that follow from it: raised, grown, cleared.</param>
public readonly record struct DetectionResult(Anomaly? Anomaly, IReadOnlyList<AlertChange> Changes)
{
    /// <summary>Nothing anomalous.</summary>
    public static DetectionResult Nothing { get; } = new(null, []);
}
