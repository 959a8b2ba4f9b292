using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Feed;

/// <summary>
/// Trains and open alerts as last seen, with the feed's version of each train's last change. Trains hang in a list, last
/// changed first, so that reading "what changed since" costs what changed, and a train that moved ten times since counts once.
/// Not safe for concurrent use: the feed's lock guards it.
/// </summary>
internal sealed class FleetMemory
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _lastChangedFirst = [];
    private readonly Dictionary<string, Dictionary<string, Alert>> _openByTrain = new(StringComparer.Ordinal);

    public void Clear()
    {
        _byId.Clear();
        _lastChangedFirst.Clear();
        _openByTrain.Clear();
    }

    public TrainView? Find(string id) => _byId.TryGetValue(id, out var node) ? node.Value.View : null;

    public List<TrainView> Trains(Scope scope) =>
        [.. _lastChangedFirst.Select(entry => entry.View).Where(view => scope.Includes(view.State.Train.Identity)).OrderBy(view => view.State.Train.Identity.Id, StringComparer.Ordinal)];

    public List<Alert> OpenAlerts(Scope scope) =>
        [.. _openByTrain.Values.SelectMany(alerts => alerts.Values).Where(alert => Includes(scope, alert)).OrderByDescending(alert => alert.Episode.RaisedAt).ThenBy(alert => alert.Id, StringComparer.Ordinal)];

    /// <summary>Whether an alert is inside the scope: it goes with its train, also when the train has been moved to another depot since.</summary>
    public bool Includes(Scope scope, Alert alert) => scope.Includes(Find(alert.Train.Id)?.State.Train.Identity ?? alert.Train);

    /// <summary>Trains changed after <paramref name="version"/>, and those of them introduced after it.</summary>
    public (List<TrainView> Changed, List<TrainView> Introduced) ChangedSince(long version, Scope scope)
    {
        List<TrainView> changed = [];
        List<TrainView> introduced = [];
        foreach (var entry in _lastChangedFirst)
        {
            if (entry.Version <= version)
            {
                break;
            }

            if (scope.Includes(entry.View.State.Train.Identity))
            {
                changed.Add(entry.View);
                if (entry.IntroducedAt > version)
                {
                    introduced.Add(entry.View);
                }
            }
        }

        return (changed, introduced);
    }

    /// <summary>Takes a newer state; an older one, or the same again, changes nothing.</summary>
    public TrainChange Take(TrainState state, DateTimeOffset now, long version)
    {
        var id = state.Train.Identity.Id;
        if (!_byId.TryGetValue(id, out var node))
        {
            var view = new TrainView(state, ConnectivityRule.At(state, now), WorstOpen(id));
            _byId[id] = _lastChangedFirst.AddFirst(new Entry(view, version, version));
            return TrainChange.Moved;
        }

        var kept = node.Value.View.State;
        var renamed = !SameTrain(kept.Train, state.Train);
        if (state.SourceOffset < kept.SourceOffset || (state.SourceOffset == kept.SourceOffset && !renamed))
        {
            return TrainChange.None;
        }

        Replace(node, node.Value.View with { State = state, Connectivity = ConnectivityRule.At(state, now) }, renamed ? version : node.Value.IntroducedAt, version);
        return kept.Train.Identity == state.Train.Identity ? TrainChange.Moved : TrainChange.Regrouped;
    }

    /// <summary>Takes a newer revision of an alert, open or not.</summary>
    public void Take(Alert alert, long version)
    {
        var id = alert.Train.Id;
        if (!_openByTrain.TryGetValue(id, out var open))
        {
            _openByTrain[id] = open = new Dictionary<string, Alert>(StringComparer.Ordinal);
        }

        if (alert.IsOpen)
        {
            open[alert.Id] = alert;
        }
        else
        {
            open.Remove(alert.Id);
        }

        if (_byId.TryGetValue(id, out var node) && node.Value.View.WorstAlert != WorstOpen(id))
        {
            Replace(node, node.Value.View with { WorstAlert = WorstOpen(id) }, node.Value.IntroducedAt, version);
        }
    }

    /// <summary>Looks at every train's connectivity anew.</summary>
    /// <returns>Whether any changed.</returns>
    public bool LookAtConnectivity(DateTimeOffset now, long version)
    {
        var any = false;
        foreach (var node in _byId.Values)
        {
            var connectivity = ConnectivityRule.At(node.Value.View.State, now);
            if (connectivity != node.Value.View.Connectivity)
            {
                Replace(node, node.Value.View with { Connectivity = connectivity }, node.Value.IntroducedAt, version);
                any = true;
            }
        }

        return any;
    }

    private Severity? WorstOpen(string trainId) =>
        _openByTrain.TryGetValue(trainId, out var open) && open.Count > 0 ? open.Values.Max(alert => alert.Episode.Severity) : null;

    private void Replace(LinkedListNode<Entry> node, TrainView view, long introducedAt, long version)
    {
        node.Value = new Entry(view, version, introducedAt);
        _lastChangedFirst.Remove(node);
        _lastChangedFirst.AddFirst(node);
    }

    // Descriptions of sensors are left out: they come as a new dictionary with every read.
    private static bool SameTrain(Train a, Train b) =>
        a.Identity == b.Identity && a.Name == b.Name && a.ExpectedInterval == b.ExpectedInterval && a.PositionKnown == b.PositionKnown;

    private readonly record struct Entry(TrainView View, long Version, long IntroducedAt);
}

/// <summary>What a train's new state changed.</summary>
internal enum TrainChange
{
    /// <summary>Nothing: it was known.</summary>
    None,

    /// <summary>Its state.</summary>
    Moved,

    /// <summary>Its depot, line or class too: it may have left some watchers' scope.</summary>
    Regrouped,
}
