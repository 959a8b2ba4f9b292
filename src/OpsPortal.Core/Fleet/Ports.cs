using OpsPortal.Core.Access;

namespace OpsPortal.Core.Fleet;

/// <summary>The registry of trains: who belongs to the fleet. A train that is not in it is taken in as unknown, never refused.</summary>
public interface ITrainRegistry
{
    /// <summary>Registers or updates trains.</summary>
    Task RegisterAsync(IReadOnlyList<Train> trains, CancellationToken cancellationToken);

    /// <summary>All registered trains.</summary>
    Task<IReadOnlyList<Train>> FindAllAsync(CancellationToken cancellationToken);
}

/// <summary>Latest state of each train.</summary>
public interface ITrainStore
{
    /// <summary>Keeps states; one with a lower source offset than the kept one is skipped, so a train never moves backwards. A train that was moved to another depot, line or class takes its alerts along (a new revision of each); anomalies and readings stay where they were measured.</summary>
    Task KeepAsync(IReadOnlyList<TrainState> states, CancellationToken cancellationToken);

    /// <summary>One train, or null when unknown or outside the scope: the two look the same.</summary>
    Task<TrainState?> GetAsync(Scope scope, string trainId, CancellationToken cancellationToken);

    /// <summary>Trains inside the scope by id, after <paramref name="after"/> (exclusive; null = from the start).</summary>
    Task<IReadOnlyList<TrainState>> FindAsync(Scope scope, string? after, int limit, CancellationToken cancellationToken);
}
