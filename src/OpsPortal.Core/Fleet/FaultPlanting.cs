namespace OpsPortal.Core.Fleet;

/// <summary>Plants faults on simulated trains, for demonstrations and tests.</summary>
public interface IFaultPlanter
{
    /// <summary>Names of the kinds of fault that can be planted, and of the look-alikes that are no fault.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Plants a fault that starts at once.</summary>
    /// <param name="trainId">A simulated train, or null: drawn by the seed among those that can show it soon (connected, not about to enter a tunnel).</param>
    /// <param name="kind">One of <see cref="Kinds"/>, or null: drawn by the seed among the faults that raise an alert within a minute, as far as the fleet has been watched.</param>
    /// <param name="seed">What chance is drawn from; null takes the next of the fleet's own.</param>
    /// <exception cref="ArgumentException">No such train or kind; the message names what is allowed.</exception>
    Task<PlantedFault> PlantAsync(string? trainId, string? kind, int? seed, CancellationToken cancellationToken);
}

/// <summary>A fault that was planted: the truth that alerts are held against.</summary>
/// <param name="Sensor">The one sensor that shows it; empty for a look-alike, which moves many a little.</param>
/// <param name="Start">Train time at which it starts.</param>
/// <param name="End">Train time at which it is gone.</param>
public sealed record PlantedFault(string TrainId, string Kind, string Sensor, DateTimeOffset Start, DateTimeOffset End);
