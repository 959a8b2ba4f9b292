using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OpsPortal.Core.Feed;

/// <summary>The feed's clock: a beat for what only time changes.</summary>
public sealed class FeedClock(LiveFeed feed, IOptions<FeedOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Beat, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            feed.Beat();
        }
    }
}
