using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Fleet;

/// <summary>What scope goes by: carried on every document about a train, so that each store can filter by itself.</summary>
/// <param name="Id">Train id.</param>
/// <param name="Depot">Home depot, or "unknown".</param>
/// <param name="Line">Line it works, or "unknown".</param>
/// <param name="Class">Train class, or "unknown".</param>
public sealed record TrainIdentity(string Id, string Depot, string Line, string Class);

/// <summary>A train as registered: who it is and what it carries.</summary>
/// <param name="Name">As people say it: "390 042".</param>
/// <param name="ExpectedInterval">How often it sends while connected; the base of staleness.</param>
/// <param name="PositionKnown">False for a train that never says where it is (a recording without positions).</param>
/// <param name="Sensors">Descriptions of sensors that the catalogue does not know (a recording's own), by id; null when there are none.</param>
/// <param name="Cars">How many cars it has, or null when nobody said.</param>
public sealed record Train(TrainIdentity Identity, string Name, TimeSpan ExpectedInterval, bool PositionKnown, IReadOnlyDictionary<string, SensorDescription>? Sensors = null, int? Cars = null)
{
    /// <summary>What a sensor id of this train means.</summary>
    public SensorDescription Describe(string sensor) =>
        Sensors is not null && Sensors.TryGetValue(sensor, out var description) ? description : SensorCatalogue.Describe(sensor);
}

/// <summary>Whether we know how a train is right now.</summary>
public enum Connectivity
{
    /// <summary>Nothing was ever heard of it, or we cannot tell.</summary>
    Unknown = 0,

    /// <summary>Connected and sending within the expected interval.</summary>
    Online = 1,

    /// <summary>Not known to be disconnected, but no reading within the expected interval.</summary>
    Stale = 2,

    /// <summary>Known to be unreachable: its connection ended and did not come back.</summary>
    Offline = 3,
}

/// <summary>The latest of one train: one document, replaced when something newer by source offset comes.</summary>
/// <param name="SourceOffset">Offset of the last record applied: a store keeps the document with the highest.</param>
/// <param name="Position">Latest good position by the train's own clock, or null.</param>
/// <param name="Readings">Latest value of each sensor with its own time.</param>
/// <param name="MeasuredAt">Newest train time seen, or null before the first message.</param>
/// <param name="ReceivedAt">Our time of the last message, or null.</param>
/// <param name="ConnectedSince">Set while connected.</param>
/// <param name="DisconnectedSince">Set while known to be disconnected.</param>
/// <param name="OriginalMeasuredAt">For a replayed recording: the recording's own time of the newest message.</param>
/// <param name="BadPositions">Positions set aside so far (0,0, out of range).</param>
public sealed record TrainState(
    Train Train,
    long SourceOffset,
    TrainPosition? Position,
    IReadOnlyDictionary<string, LatestReading> Readings,
    DateTimeOffset? MeasuredAt,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset? ConnectedSince,
    DateTimeOffset? DisconnectedSince,
    DateTimeOffset? OriginalMeasuredAt,
    long BadPositions);

/// <summary>A sensor's newest value and when the train measured it.</summary>
public readonly record struct LatestReading(double Value, DateTimeOffset MeasuredAt);
