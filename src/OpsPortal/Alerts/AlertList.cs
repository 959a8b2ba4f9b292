using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Reports;

namespace OpsPortal.Alerts;

/// <summary>
/// What the alerts page knows: only what the feed said. Nothing moves under who reads it: an alert that changes stays where it
/// is, also when it clears (somebody may be waiting for the train to confirm it), and a new one waits until it is asked for.
/// </summary>
internal sealed class AlertList(AlertFilter filter)
{
    private readonly Dictionary<string, Alert> _alerts = [];
    private readonly Dictionary<string, TrainView> _trains = [];
    private readonly HashSet<string> _shown = [];
    private readonly HashSet<string> _waiting = [];
    private List<string> _order = [];

    /// <summary>Whether the store can be reached and as of when; null before the first frame.</summary>
    public StoreHealth? Store { get; private set; }

    /// <summary>Alerts to show: the worst first, then the newest, as it was when they were last asked for.</summary>
    public IReadOnlyList<Alert> Shown { get; private set; } = [];

    /// <summary>How many new alerts wait to be shown.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The worst that waits.</summary>
    public Severity? WorstWaiting => _waiting.Count == 0 ? null : _waiting.Max(id => _alerts[id].Episode.Severity);

    /// <summary>Open alerts by severity, whatever the filter.</summary>
    public int CountOpen(Severity severity) => Figures.CountOpen(_alerts.Values.Select(AlertFact.Of), severity);

    /// <summary>The alert's train, or null when the feed has not told of it.</summary>
    public TrainView? TrainOf(Alert alert) => _trains.GetValueOrDefault(alert.Train.Id);

    /// <summary>What people call the alert's train.</summary>
    public string NameOf(Alert alert) => TrainOf(alert)?.State.Train.Name ?? alert.Train.Id;

    /// <summary>Takes a frame; returns the alerts that are new with it (none for the first snapshot).</summary>
    public IReadOnlyList<Alert> Take(FeedFrame frame)
    {
        var isFirst = Store is null;
        if (frame.IsSnapshot)
        {
            _trains.Clear();
            // A snapshot names the open ones only: what was shown and is not among them has cleared while we were not listening.
            Forget(frame.Alerts);
        }

        Store = frame.Store;
        foreach (var view in frame.Trains)
        {
            _trains[view.State.Train.Identity.Id] = view;
        }

        var known = _alerts.Keys.ToHashSet();
        Keep(frame.Alerts, frame.At);
        if (isFirst)
        {
            Reveal();
            return [];
        }

        return [.. frame.Alerts.Where(alert => alert.IsOpen && !known.Contains(alert.Id) && (_shown.Contains(alert.Id) || _waiting.Contains(alert.Id)))];
    }

    /// <summary>Takes alerts: those of a frame, or those read from the store, of which the feed does not speak.</summary>
    public void Keep(IReadOnlyList<Alert> alerts, DateTimeOffset now)
    {
        foreach (var alert in alerts)
        {
            if (_alerts.TryGetValue(alert.Id, out var kept) && kept.Revision > alert.Revision)
            {
                continue;
            }

            _alerts[alert.Id] = alert;
            if (!_shown.Contains(alert.Id))
            {
                Wait(alert, now);
            }
        }

        // Nothing stands there that could move.
        if (_shown.Count == 0)
        {
            Reveal();
        }
        else if (alerts.Count > 0)
        {
            Shown = [.. _order.Select(id => _alerts[id])];
        }
    }

    /// <summary>Shows what waits, and orders all anew.</summary>
    public void Reveal()
    {
        _shown.UnionWith(_waiting);
        _waiting.Clear();
        Shown = [.. _shown.Select(id => _alerts[id]).OrderByDescending(alert => alert.Episode.Severity).ThenByDescending(alert => alert.Episode.RaisedAt).ThenBy(alert => alert.Id, StringComparer.Ordinal)];
        _order = [.. Shown.Select(alert => alert.Id)];
    }

    // What clears again before anybody saw it is not waited for any more.
    private void Wait(Alert alert, DateTimeOffset now)
    {
        if (filter.Shows(alert, now, NameOf(alert)))
        {
            _waiting.Add(alert.Id);
        }
        else
        {
            _waiting.Remove(alert.Id);
        }
    }

    private void Forget(IReadOnlyList<Alert> open)
    {
        var present = open.Select(alert => alert.Id).ToHashSet();
        foreach (var id in _alerts.Values.Where(alert => alert.IsOpen && !present.Contains(alert.Id)).Select(alert => alert.Id).ToList())
        {
            _alerts.Remove(id);
            _waiting.Remove(id);
            if (_shown.Remove(id))
            {
                _order.Remove(id);
            }
        }

        Shown = [.. _order.Select(id => _alerts[id])];
    }
}
