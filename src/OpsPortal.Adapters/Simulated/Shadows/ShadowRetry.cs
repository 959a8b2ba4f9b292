using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Shadows;

/// <summary>How long a train waits before it tries its shadow again: doubling from half a second to half a minute, spread out so that a fleet does not come back all at once.</summary>
internal sealed class ShadowRetry(TimeProvider time, int seed)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public Task WaitAsync(string trainId, int attempt, CancellationToken cancellationToken) =>
        Task.Delay(Wait(trainId, attempt), time, cancellationToken);

    /// <summary>Between half and all of the doubled wait, drawn by train and attempt.</summary>
    public TimeSpan Wait(string trainId, int attempt)
    {
        var doubled = First * Math.Pow(2, Math.Min(attempt - 1, 10));
        var capped = doubled < Longest ? doubled : Longest;
        return capped * (0.5 + (0.5 * Chance.Uniform(Chance.Key((ulong)seed, trainId), (ulong)attempt)));
    }
}
