using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>A fact the detector found. It never changes.</summary>
/// <param name="Id">Derived from train, subsystem and event time, so that finding it again gives the same id.</param>
/// <param name="Subsystem">Which part of the train: the subsystem of the sensor with the largest share.</param>
/// <param name="MeasuredAt">The train's time, UTC.</param>
/// <param name="ReceivedAt">Our time of arrival, UTC.</param>
/// <param name="KeptAt">When the store took it; null until then.</param>
/// <param name="Late">True when it arrived later than the late limit after it was measured.</param>
/// <param name="Grade">How anomalous after the threshold, 0–1.</param>
/// <param name="Score">How surprising, ≥ 0 (random cut forest).</param>
/// <param name="Shares">Attribution by sensor, largest first; the shares sum to at most 1.</param>
/// <param name="Position">Where the train was, or null.</param>
/// <param name="SourceOffset">The message it was found in.</param>
public sealed record Anomaly(
    string Id,
    TrainIdentity Train,
    string Subsystem,
    DateTimeOffset MeasuredAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? KeptAt,
    bool Late,
    double Grade,
    double Score,
    IReadOnlyList<SensorShare> Shares,
    TrainPosition? Position,
    long SourceOffset);

/// <summary>Which way a sensor deviates.</summary>
public enum Direction
{
    /// <summary>Higher than expected.</summary>
    High = 0,

    /// <summary>Lower than expected.</summary>
    Low = 1,
}

/// <summary>One sensor's part in an anomaly.</summary>
/// <param name="Sensor">Sensor id.</param>
/// <param name="Share">Part of the score, 0–1.</param>
/// <param name="Direction">Which way it deviates.</param>
/// <param name="Observed">Value seen, in <paramref name="Unit"/>.</param>
/// <param name="Expected">Value expected, in <paramref name="Unit"/>; NaN when unknown.</param>
/// <param name="Unit">Unit from the catalogue.</param>
public sealed record SensorShare(string Sensor, double Share, Direction Direction, double Observed, double Expected, string Unit);
