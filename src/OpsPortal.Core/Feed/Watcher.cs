using System.Runtime.CompilerServices;
using OpsPortal.Core.Access;

namespace OpsPortal.Core.Feed;

/// <summary>One browser's place in the feed: read it in one loop, dispose it when the browser is gone.</summary>
public sealed class Watcher : IAsyncDisposable
{
    private readonly LiveFeed _feed;
    // Not disposed: it holds nothing, and a reading loop may still look at it after the watcher has left.
    private readonly CancellationTokenSource _gone = new();
    private int _disposed;

    internal Watcher(LiveFeed feed, Scope scope)
    {
        _feed = feed;
        Scope = scope;
        ScopeKey = scope.Key;
    }

    /// <summary>What the watcher may see.</summary>
    public Scope Scope { get; }

    internal string ScopeKey { get; }

    // The feed's side, touched under its lock only: read up to this version; frames so far; beat and problem last told.
    internal long Version { get; set; } = -1;

    internal long Frames { get; set; }

    internal long Beat { get; set; }

    internal string? Problem { get; set; }

    /// <summary>
    /// A snapshot, then changes, until the watcher is disposed or the token cancelled. At once when there is something new
    /// after a pause, otherwise no more often than the frame interval; at least one frame per beat.
    /// </summary>
    public async IAsyncEnumerable<FeedFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        while (!stop.IsCancellationRequested)
        {
            var changed = _feed.Changed;
            var taken = _feed.Time.GetTimestamp();
            if (_feed.TakeFrame(this) is not { } frame)
            {
                await changed.WaitAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            yield return frame;
            var rest = _feed.Options.FrameInterval - _feed.Time.GetElapsedTime(taken);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, _feed.Time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Leaves the feed and ends the reading loop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _feed.Leave();
            await _gone.CancelAsync();
        }
    }
}
