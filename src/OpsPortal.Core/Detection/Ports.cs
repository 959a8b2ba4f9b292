using OpsPortal.Core.Access;

namespace OpsPortal.Core.Detection;

/// <summary>Anomalies: append-only facts with derived ids.</summary>
public interface IAnomalyStore
{
    /// <summary>Appends; an id already kept is skipped (also inside one call).</summary>
    Task AppendAsync(IReadOnlyList<Anomaly> anomalies, CancellationToken cancellationToken);

    /// <summary>Anomalies inside the scope, newest measured first, then by id.</summary>
    Task<IReadOnlyList<Anomaly>> FindAsync(Scope scope, AnomalyQuery query, CancellationToken cancellationToken);
}

/// <summary>What to look for; null means "any".</summary>
/// <param name="From">Measured at or after.</param>
/// <param name="To">Measured before.</param>
/// <param name="After">Continue after this one (exclusive), in the order of the list.</param>
/// <param name="Limit">At most this many, 1–1,001 (one more than the API's page, to know whether there is a next).</param>
public sealed record AnomalyQuery(DateTimeOffset? From, DateTimeOffset? To, string? TrainId, string? Subsystem, AnomalyCursor? After, int Limit);

/// <summary>Place in a list of anomalies.</summary>
public sealed record AnomalyCursor(DateTimeOffset MeasuredAt, string Id);

/// <summary>The detector's memory: snapshots of all trains at one source offset.</summary>
public interface IDetectorSnapshots
{
    /// <summary>The last kept snapshots, or null when there are none.</summary>
    Task<DetectorSnapshot?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the snapshots and their offset together, in one step: either all or nothing.</summary>
    Task KeepAsync(DetectorSnapshot snapshot, CancellationToken cancellationToken);
}

/// <summary>State of every train's detector after the record at <paramref name="SourceOffset"/>.</summary>
/// <param name="SourceOffset">Offset of the last record that went in.</param>
/// <param name="Trains">State by train id, in the detector's own versioned binary form. In a call to keep: only those changed since the last.</param>
public sealed record DetectorSnapshot(long SourceOffset, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Trains);
