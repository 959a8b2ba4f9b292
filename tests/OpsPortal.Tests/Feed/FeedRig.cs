using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Feed;

/// <summary>A live feed on a clock that tests move, fed by hand.</summary>
internal sealed class FeedRig
{
    private long _cursor;

    public FeedRig(FeedOptions? options = null, TimeProvider? time = null)
    {
        Options = options ?? new FeedOptions();
        Feed = new LiveFeed(Microsoft.Extensions.Options.Options.Create(Options), time ?? Time);
    }

    public FeedOptions Options { get; }

    public ManualTime Time { get; } = new(Samples.Start);

    public LiveFeed Feed { get; }

    /// <summary>A feed that has started from trains of which we heard just now.</summary>
    public static FeedRig Started(FeedOptions? options = null, params TrainState[] trains)
    {
        var rig = new FeedRig(options);
        rig.Feed.Restart(new FeedSnapshot(Samples.Start, trains, [], []));
        return rig;
    }

    public void Move(params TrainState[] trains) => Feed.Apply(Page(trains: trains));

    public void Raise(params Alert[] alerts) => Feed.Apply(Page(alerts: alerts));

    public void Find(params Anomaly[] anomalies) => Feed.Apply(Page(anomalies: anomalies));

    public StoreChanges Page(TrainState[]? trains = null, Anomaly[]? anomalies = null, Alert[]? alerts = null) =>
        new(new StoreCursor($"{++_cursor}"), Time.GetUtcNow(), trains ?? [], anomalies ?? [], alerts ?? []);

    /// <summary>A train's state, received now.</summary>
    public TrainState State(TrainIdentity train, long offset, double value = 61.2) => Samples.State(train, offset, value) with { ReceivedAt = Time.GetUtcNow() };

    public FrameReader Watch(Scope? scope = null) => new(Feed.Watch(scope ?? Scope.WholeFleet), this);
}

/// <summary>Reads a watcher frame by frame; moves the clock on where the feed waits for it.</summary>
internal sealed class FrameReader(Watcher watcher, FeedRig rig) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IAsyncEnumerator<FeedFrame> _frames = watcher.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
    private Task<bool>? _pending;

    /// <summary>The next frame; the pause between frames is spent at once.</summary>
    public async Task<FeedFrame> NextAsync()
    {
        var next = Pending();
        while (await Task.WhenAny(next, Task.Delay(20)) != next)
        {
            rig.Time.Advance(rig.Options.FrameInterval);
        }

        Assert.True(await next.WaitAsync(Patience));
        _pending = null;
        return _frames.Current;
    }

    /// <summary>Asks for the next frame without moving the clock: completes when there is one.</summary>
    public Task<bool> Pending() => _pending ??= _frames.MoveNextAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await watcher.DisposeAsync();
        if (_pending is not null)
        {
            await _pending;
        }

        await _frames.DisposeAsync();
    }
}
