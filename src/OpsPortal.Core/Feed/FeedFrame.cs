using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Feed;

/// <summary>A train as watchers see it: its state, and what only holds at one moment of our clock.</summary>
/// <param name="WorstAlert">Severity of its worst open alert, or null.</param>
public sealed record TrainView(TrainState State, Connectivity Connectivity, Severity? WorstAlert);

/// <summary>Whether the store can be reached, and how fresh what it said is.</summary>
/// <param name="AsOf">The last moment of which the store said "up to here"; null when it never answered.</param>
/// <param name="Problem">In words; null while all is well.</param>
public sealed record StoreHealth(DateTimeOffset? AsOf, string? Problem);

/// <summary>What one watcher gets: first a snapshot, then changes; after falling behind, a snapshot again.</summary>
/// <param name="Number">Counts this watcher's frames from 1.</param>
/// <param name="At">Our time of making the frame.</param>
/// <param name="Trains">Snapshot: all inside the scope. Changes: the latest of each train that changed.</param>
/// <param name="Alerts">Snapshot: open alerts. Changes: every changed alert, in order, never coalesced away.</param>
/// <param name="Anomalies">Snapshot: the newest ones. Changes: the new ones.</param>
public sealed record FeedFrame(long Number, bool IsSnapshot, DateTimeOffset At, StoreHealth Store, IReadOnlyList<TrainView> Trains, IReadOnlyList<Alert> Alerts, IReadOnlyList<Anomaly> Anomalies)
{
    /// <summary>Changes: those of <see cref="Trains"/> that are new since this watcher's last frame, or registered anew. Empty in a snapshot, where all are.</summary>
    public IReadOnlyList<TrainView> Introduced { get; init; } = [];

    /// <summary>The same object in frames of equal content, which only watchers of equal scope ever get: whatever is made of the content (bytes) may be shared by it.</summary>
    public object Content { get; init; } = new();
}
