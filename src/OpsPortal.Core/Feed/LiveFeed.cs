using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;

namespace OpsPortal.Core.Feed;

/// <summary>
/// The fleet as this node last learnt it from the store, and the place where watchers join. A watcher is nothing but a place in
/// the feed's versions: whatever it has not read is made from the shared memory when it reads, so nobody waits for a slow
/// watcher and a watcher that does not read holds nothing. Too far behind, it gets a fresh snapshot, never a gap.
/// </summary>
public sealed class LiveFeed(IOptions<FeedOptions> options, TimeProvider time) : IServiceHealth
{
    /// <summary>What is wrong with the store before it has been asked once.</summary>
    public const string NotAnsweredYet = "The store has not answered yet.";

    private readonly Lock _lock = new();
    private readonly FeedOptions _options = options.Value;
    private readonly FleetMemory _fleet = new();
    private readonly List<Anomaly> _newest = [];
    private readonly ChangeLog<Alert> _alerts = new(options.Value.AlertBacklog);
    private readonly ChangeLog<Anomaly> _anomalies = new(options.Value.AnomalyBacklog);

    // A store may hand out a document twice (overlap windows, the join of snapshot and changes): the second time says nothing.
    private readonly RecentIds _seenAlerts = new(options.Value.AlertBacklog * 2);
    private readonly RecentIds _seenAnomalies = new(options.Value.AnomalyBacklog * 2);

    // Watchers wake together, so most ask for the same: made once per scope and place, forgotten at the next change.
    private readonly Dictionary<(string Scope, long From), FeedFrame> _made = [];
    private long _madeAt = -1;

    private StoreHealth _store = new(null, NotAnsweredYet);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;
    private long _restartedAt;
    private long _beat;
    private int _watchers;

    /// <summary>Watchers joined at present.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>Whether the store can be reached, and as of when.</summary>
    public StoreHealth Store
    {
        get
        {
            lock (_lock)
            {
                return _store;
            }
        }
    }

    // A slow store refuses nothing: without this it would be called current for as long as it lets us wait.
    private StoreHealth JudgedNeedsLock(DateTimeOffset asOf) =>
        new(asOf, time.GetUtcNow() - asOf > _options.StoreSilence ? "The store is slow: it has said nothing for some seconds. What is shown is the last known." : null);

    /// <summary>Completes at the next change. Take it before reading, so that a change in between wakes at once.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    internal FeedOptions Options => _options;

    internal TimeProvider Time => time;

    public ServiceHealth Get() => new("live feed", Store.AsOf, Store.Problem);

    /// <summary>Joins: the first frame is a snapshot of what lies inside the scope, all further ones say what changed since.</summary>
    public Watcher Watch(Scope scope)
    {
        Interlocked.Increment(ref _watchers);
        return new Watcher(this, scope);
    }

    /// <summary>The fleet inside the scope right now: a snapshot outside any count (number 0).</summary>
    public FeedFrame Current(Scope scope)
    {
        lock (_lock)
        {
            return SnapshotNeedsLock(scope, 0);
        }
    }

    /// <summary>One train, or null when unknown or outside the scope: the two look the same.</summary>
    public TrainView? Find(Scope scope, string trainId)
    {
        lock (_lock)
        {
            return _fleet.Find(trainId) is { } view && scope.Includes(view.State.Train.Identity) ? view : null;
        }
    }

    /// <summary>Begins anew from what the stores hold; every watcher gets a fresh snapshot.</summary>
    public void Restart(FeedSnapshot snapshot)
    {
        lock (_lock)
        {
            _restartedAt = ++_version;
            _fleet.Clear();
            _newest.Clear();
            _seenAlerts.Clear();
            _seenAnomalies.Clear();
            TakeNeedsLock(snapshot.Trains, snapshot.Alerts, snapshot.Anomalies);
            _store = new StoreHealth(snapshot.AsOf, null);
        }

        Wake();
    }

    /// <summary>Takes a page of the store's changes.</summary>
    public void Apply(StoreChanges page)
    {
        bool changed;
        lock (_lock)
        {
            _version++;
            changed = TakeNeedsLock(page.Trains, page.Alerts, page.Anomalies) || _store.Problem is not null;
            _store = JudgedNeedsLock(_store.AsOf is { } asOf && asOf > page.AsOf ? asOf : page.AsOf);
        }

        if (changed)
        {
            Wake();
        }
    }

    /// <summary>The store cannot be reached: from now on every frame says so, with the last "as of".</summary>
    public void MarkUnreachable(string problem)
    {
        lock (_lock)
        {
            _store = _store with { Problem = problem };
        }

        Wake();
    }

    /// <summary>Once a beat: what only the clock changes (connectivity), and a frame for everybody.</summary>
    public void Beat()
    {
        lock (_lock)
        {
            _beat++;
            _store = _store is { Problem: null, AsOf: { } asOf } ? JudgedNeedsLock(asOf) : _store;
            _fleet.LookAtConnectivity(time.GetUtcNow(), ++_version);
        }

        Wake();
    }

    /// <summary>The watcher's next frame, or null when there is nothing to say yet.</summary>
    internal FeedFrame? TakeFrame(Watcher watcher)
    {
        lock (_lock)
        {
            var behind = watcher.Version < _restartedAt || !_alerts.Reaches(watcher.Version) || !_anomalies.Reaches(watcher.Version);
            var frame = SharedNeedsLock(watcher, behind ? -1 : watcher.Version) with { Number = watcher.Frames + 1, At = time.GetUtcNow(), Store = _store };
            watcher.Version = _version;
            if (!frame.IsSnapshot && frame is { Trains.Count: 0, Alerts.Count: 0, Anomalies.Count: 0 }
                && watcher.Beat == _beat && watcher.Problem == _store.Problem)
            {
                return null;
            }

            watcher.Frames++;
            watcher.Beat = _beat;
            watcher.Problem = _store.Problem;
            return frame;
        }
    }

    internal void Leave() => Interlocked.Decrement(ref _watchers);

    private bool TakeNeedsLock(IReadOnlyList<TrainState> trains, IReadOnlyList<Alert> alerts, IReadOnlyList<Anomaly> anomalies)
    {
        var changed = false;
        var now = time.GetUtcNow();
        foreach (var state in trains)
        {
            var change = _fleet.Take(state, now, _version);
            changed |= change != TrainChange.None;
            if (change == TrainChange.Regrouped)
            {
                // It may have left somebody's scope: only a fresh snapshot takes it off their map.
                _restartedAt = _version;
            }
        }

        foreach (var alert in alerts.Where(alert => _seenAlerts.Note(alert.Id, alert.Revision)))
        {
            changed = true;
            _fleet.Take(alert, _version);
            _alerts.Append(_version, alert);
        }

        foreach (var anomaly in anomalies.Where(anomaly => _seenAnomalies.Note(anomaly.Id)))
        {
            changed = true;
            RememberNeedsLock(anomaly);
            _anomalies.Append(_version, anomaly);
        }

        return changed;
    }

    // Newest measured first; what came late stands where it belongs.
    private void RememberNeedsLock(Anomaly anomaly)
    {
        var place = _newest.FindIndex(kept => kept.MeasuredAt <= anomaly.MeasuredAt);
        _newest.Insert(place < 0 ? _newest.Count : place, anomaly);
        // More than one snapshot shows: a narrow scope must not go without because the rest of the fleet is noisy.
        if (_newest.Count > Math.Max(_options.NewestAnomalies, _options.AnomalyBacklog))
        {
            _newest.RemoveAt(_newest.Count - 1);
        }
    }

    private FeedFrame SnapshotNeedsLock(Scope scope, long number) =>
        new(number, true, time.GetUtcNow(), _store, _fleet.Trains(scope), _fleet.OpenAlerts(scope), [.. _newest.Where(anomaly => scope.Includes(anomaly.Train)).Take(_options.NewestAnomalies)]);

    /// <param name="from">The version to go on from; -1 for a snapshot.</param>
    private FeedFrame SharedNeedsLock(Watcher watcher, long from)
    {
        if (_madeAt != _version)
        {
            _made.Clear();
            _madeAt = _version;
        }

        if (!_made.TryGetValue((watcher.ScopeKey, from), out var frame))
        {
            frame = from < 0 ? SnapshotNeedsLock(watcher.Scope, 0) : ChangesNeedsLock(watcher);
            _made.Add((watcher.ScopeKey, from), frame);
        }

        return frame;
    }

    private FeedFrame ChangesNeedsLock(Watcher watcher)
    {
        var (trains, introduced) = _fleet.ChangedSince(watcher.Version, watcher.Scope);
        return new FeedFrame(
            0,
            false,
            time.GetUtcNow(),
            _store,
            trains,
            [.. _alerts.Since(watcher.Version).Where(alert => _fleet.Includes(watcher.Scope, alert))],
            [.. _anomalies.Since(watcher.Version).Where(anomaly => watcher.Scope.Includes(anomaly.Train))])
        { Introduced = introduced };
    }

    // Outside the lock: nothing foreign runs while it is held.
    private void Wake() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
