using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>Keeps what the pipeline found. Every part is idempotent, so that keeping a batch again changes nothing.</summary>
public sealed class DetectorKeeping(DetectorStores stores, AlertBook book)
{
    private readonly Dictionary<string, TrainMemory> _unsaved = new(StringComparer.Ordinal);

    /// <summary>The last snapshot, or null. Forgets what was noted before.</summary>
    public async Task<DetectorSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken)
    {
        _unsaved.Clear();
        return await stores.Snapshots.GetAsync(cancellationToken);
    }

    internal async Task KeepAsync(BatchFindings findings, CancellationToken cancellationToken)
    {
        // Facts before what is derived from them, the train's state last: who sees the state finds the rest.
        if (findings.SetAside.Count > 0)
        {
            await stores.DeadLetters.AppendAsync(findings.SetAside, cancellationToken);
        }

        await stores.Readings.KeepAsync(findings.Windows, cancellationToken);
        if (findings.Anomalies.Count > 0)
        {
            await stores.Anomalies.AppendAsync(findings.Anomalies, cancellationToken);
        }

        foreach (var change in findings.Changes)
        {
            await book.TakeAsync(change, cancellationToken);
        }

        await stores.Trains.KeepAsync(findings.States, cancellationToken);
    }

    /// <summary>Notes which trains' memory the next snapshot must hold.</summary>
    internal void Note(BatchFindings findings)
    {
        foreach (var (id, memory) in findings.Changed)
        {
            _unsaved[id] = memory;
        }
    }

    internal async Task KeepSnapshotAsync(long sourceOffset, CancellationToken cancellationToken)
    {
        var trains = _unsaved.ToDictionary(train => train.Key, train => train.Value.Write());
        await stores.Snapshots.KeepAsync(new DetectorSnapshot(sourceOffset, trains), cancellationToken);
        _unsaved.Clear();
    }
}

/// <summary>The stores that the pipeline keeps into.</summary>
public sealed record DetectorStores(ITrainStore Trains, IReadingStore Readings, IAnomalyStore Anomalies, IDeadLetters DeadLetters, IDetectorSnapshots Snapshots);
