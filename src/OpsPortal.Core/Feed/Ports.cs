using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Feed;

/// <summary>The store's changes, in the order in which they became visible: how a portal learns of anything.</summary>
public interface IStoreChanges
{
    /// <summary>The present place, to follow from after a snapshot was read.</summary>
    Task<StoreCursor> GetCursorAsync(CancellationToken cancellationToken);

    /// <summary>Changes since the cursor, page by page, then waits for more. Each document is the present one; a document changed twice may come once.</summary>
    /// <exception cref="Exception">The store cannot be reached: the follower says so, waits, and follows again from its last cursor.</exception>
    IAsyncEnumerable<StoreChanges> FollowAsync(StoreCursor since, CancellationToken cancellationToken);
}

/// <summary>A place in the store's changes; opaque to all but its adapter.</summary>
public sealed record StoreCursor(string Value);

/// <summary>One page of changes.</summary>
/// <param name="Cursor">Where to follow on from.</param>
/// <param name="AsOf">The store's word on how fresh this is, UTC. A page may be empty: then it only says "nothing newer up to here".</param>
public sealed record StoreChanges(StoreCursor Cursor, DateTimeOffset AsOf, IReadOnlyList<TrainState> Trains, IReadOnlyList<Anomaly> Anomalies, IReadOnlyList<Alert> Alerts);
