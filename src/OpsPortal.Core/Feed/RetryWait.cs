using Microsoft.Extensions.Options;

namespace OpsPortal.Core.Feed;

/// <summary>How long the follower waits before it tries the store again: doubling, capped, between half and the whole of it.</summary>
/// <param name="jitter">Spreads the tries of many nodes over time.</param>
public sealed class RetryWait(IOptions<FeedOptions> options, TimeProvider time, Random jitter)
{
    /// <summary>Waits after so many failures in a row.</summary>
    public Task WaitAsync(int failures, CancellationToken cancellationToken)
    {
        var doubled = options.Value.FirstRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        var capped = doubled < options.Value.LongestRetry ? doubled : options.Value.LongestRetry;
        return Task.Delay(capped * (0.5 + (jitter.NextDouble() / 2)), time, cancellationToken);
    }
}
