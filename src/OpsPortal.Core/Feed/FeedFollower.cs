using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpsPortal.Core.Feed;

/// <summary>The way out: follows the store's changes into the <see cref="LiveFeed"/>. The portal learns of nothing in any other way.</summary>
public sealed class FeedFollower(
    IStoreChanges changes, FeedSnapshotReader snapshots, LiveFeed feed, RetryWait retry, ILogger<FeedFollower> logger)
    : BackgroundService
{
    // A cursor that still fails after so many tries may be one the store no longer knows: then a fresh snapshot is the way on.
    private const int TriesFromOneCursor = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        StoreCursor? cursor = null;
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                cursor ??= await StartAsNewAsync(stoppingToken);
                await foreach (var page in changes.FollowAsync(cursor, stoppingToken))
                {
                    feed.Apply(page);
                    cursor = page.Cursor;
                    failures = 0;
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.StoreUnreachable(e, ++failures);
                feed.MarkUnreachable("The store cannot be reached. What is shown is the last known.");
                cursor = failures % TriesFromOneCursor == 0 ? null : cursor;
            }

            await retry.WaitAsync(failures, stoppingToken);
        }
    }

    // The cursor first: what is written while the snapshot is read comes again as a change, and nothing falls in between.
    private async Task<StoreCursor> StartAsNewAsync(CancellationToken cancellationToken)
    {
        var cursor = await changes.GetCursorAsync(cancellationToken);
        var snapshot = await snapshots.ReadAsync(cancellationToken);
        feed.Restart(snapshot);
        logger.FeedStarted(snapshot.Trains.Count, snapshot.Alerts.Count, snapshot.Anomalies.Count);
        return cursor;
    }
}
