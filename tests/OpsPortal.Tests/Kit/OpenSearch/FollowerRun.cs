using System.Collections.Concurrent;
using OpsPortal.Core.Feed;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>Follows as the portal does: after a failure again from the last cursor. Keeps what was told, and why it failed.</summary>
internal sealed class FollowerRun : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public FollowerRun(IStoreChanges changes, StoreCursor since) => _running = Task.Run(() => RunAsync(changes, since));

    /// <summary>Ids of anomalies in the order told.</summary>
    public ConcurrentQueue<string> Anomalies { get; } = new();

    /// <summary>Id and revision of alerts in the order told.</summary>
    public ConcurrentQueue<string> Alerts { get; } = new();

    /// <summary>Id and offset of trains in the order told.</summary>
    public ConcurrentQueue<(string Id, long Offset)> Trains { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public ConcurrentQueue<DateTimeOffset> AsOf { get; } = new();

    public static async Task<FollowerRun> StartAsync(IStoreChanges changes) => new(changes, await changes.GetCursorAsync(default));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IStoreChanges changes, StoreCursor cursor)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var page in changes.FollowAsync(cursor, _stop.Token))
                {
                    Note(page);
                    cursor = page.Cursor;
                }
            }
            catch (Exception e)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                Failures.Enqueue(e);
                await Task.Delay(Pause);
            }
        }
    }

    private void Note(StoreChanges page)
    {
        AsOf.Enqueue(page.AsOf);
        page.Anomalies.ToList().ForEach(anomaly => Anomalies.Enqueue(anomaly.Id));
        page.Alerts.ToList().ForEach(alert => Alerts.Enqueue($"{alert.Id}:{alert.Revision}"));
        page.Trains.ToList().ForEach(state => Trains.Enqueue((state.Train.Identity.Id, state.SourceOffset)));
    }
}
