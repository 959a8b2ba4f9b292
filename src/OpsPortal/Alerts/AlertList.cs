using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;

namespace OpsPortal.Alerts;

/// <summary>
/// What the alerts page knows: only what the feed said. An alert that was shown stays until the page is left, also when it
/// clears meanwhile: somebody may be waiting for the train to confirm it.
/// </summary>
internal sealed class AlertList(AlertFilter filter)
{
    private readonly Dictionary<string, Alert> _alerts = [];
    private readonly Dictionary<string, TrainView> _trains = [];
    private readonly HashSet<string> _shown = [];

    /// <summary>Whether the store can be reached and as of when; null before the first frame.</summary>
    public StoreHealth? Store { get; private set; }

    /// <summary>Alerts to show: the worst first, then the newest.</summary>
    public IReadOnlyList<Alert> Shown { get; private set; } = [];

    /// <summary>Open alerts by severity, whatever the filter.</summary>
    public int CountOpen(Severity severity) => _alerts.Values.Count(alert => alert.IsOpen && alert.Episode.Severity == severity);

    /// <summary>The alert's train, or null when the feed has not told of it.</summary>
    public TrainView? TrainOf(Alert alert) => _trains.GetValueOrDefault(alert.Train.Id);

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

        var fresh = frame.Alerts.Where(alert => alert.IsOpen && !_alerts.ContainsKey(alert.Id)).ToList();
        Keep(frame.Alerts);
        return isFirst ? [] : [.. fresh.Where(alert => _shown.Contains(alert.Id))];
    }

    /// <summary>Takes alerts read from the store: those that the feed, which speaks of open ones, does not bring.</summary>
    public void Keep(IReadOnlyList<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            if (_alerts.TryGetValue(alert.Id, out var kept) && kept.Revision > alert.Revision)
            {
                continue;
            }

            _alerts[alert.Id] = alert;
            if (filter.Shows(alert))
            {
                _shown.Add(alert.Id);
            }
        }

        if (alerts.Count > 0)
        {
            Order();
        }
    }

    private void Forget(IReadOnlyList<Alert> open)
    {
        var present = open.Select(alert => alert.Id).ToHashSet();
        foreach (var id in _alerts.Values.Where(alert => alert.IsOpen && !present.Contains(alert.Id)).Select(alert => alert.Id).ToList())
        {
            _alerts.Remove(id);
            _shown.Remove(id);
        }

        Order();
    }

    private void Order() =>
        Shown = [.. _shown.Select(id => _alerts[id]).OrderByDescending(alert => alert.Episode.Severity).ThenByDescending(alert => alert.Episode.RaisedAt).ThenBy(alert => alert.Id, StringComparer.Ordinal)];
}
