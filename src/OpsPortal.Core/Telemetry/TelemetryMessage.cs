using System.Collections.Frozen;

namespace OpsPortal.Core.Telemetry;

/// <summary>One train's measurements at one instant, as the train sent them.</summary>
/// <param name="TrainId">Id of the train, 1–128 characters of <c>[a-zA-Z0-9:_-]</c>.</param>
/// <param name="Sequence">The train's own counter; grows with every message, gaps are allowed.</param>
/// <param name="MeasuredAt">The train's time, UTC.</param>
/// <param name="Position">Where the train was, or null when it did not know.</param>
/// <param name="Readings">Value by sensor id, in the unit of the sensor's kind (see <see cref="SensorCatalogue"/>).</param>
/// <param name="OriginalMeasuredAt">For a replayed recording: the time in the recording; otherwise null.</param>
public sealed record TelemetryMessage(
    string TrainId,
    long Sequence,
    DateTimeOffset MeasuredAt,
    TrainPosition? Position,
    FrozenDictionary<string, double> Readings,
    DateTimeOffset? OriginalMeasuredAt = null);

/// <summary>Where a train was at one instant of its own clock.</summary>
/// <param name="Latitude">Degrees north, WGS 84, −90 to 90.</param>
/// <param name="Longitude">Degrees east, WGS 84, −180 to 180.</param>
/// <param name="SpeedKmh">km/h, or null when the train does not say.</param>
/// <param name="HeadingDeg">Degrees clockwise from north, 0 to 360, or null.</param>
/// <param name="Line">Id of the line the train runs on, or null.</param>
/// <param name="Km">Linear reference: kilometres from the line's origin, or null.</param>
/// <param name="MeasuredAt">The train's time, UTC.</param>
public sealed record TrainPosition(
    double Latitude,
    double Longitude,
    double? SpeedKmh,
    double? HeadingDeg,
    string? Line,
    double? Km,
    DateTimeOffset MeasuredAt)
{
    private const double EarthRadiusKm = 6_371;

    /// <summary>No train can have come here from its last position in the time between: shown where it says it is, and called doubtful.</summary>
    public bool Suspect { get; init; }

    /// <summary>As the crow flies, the short way around the world.</summary>
    public double KilometresTo(TrainPosition other)
    {
        var (from, to) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var (north, east) = (Math.Sin((to - from) / 2), Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2));
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt((north * north) + (Math.Cos(from) * Math.Cos(to) * east * east))));
    }
}
