namespace OpsPortal.Core.Health;

/// <summary>A store cannot do what was asked of it now: unreachable, locked, full, read-only. The message says which store, what is wrong and what helps.</summary>
public sealed class StoreUnavailableException(string store, string problem, Exception? cause = null)
    : Exception($"The {store} store is unavailable: {problem}", cause)
{
    /// <summary>Name of the store.</summary>
    public string Store { get; } = store;

    /// <summary>What is wrong, in words.</summary>
    public string Problem { get; } = problem;
}
