using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Feed;

/// <summary>What the stores held when the feed began to follow them.</summary>
/// <param name="AsOf">Our time before the first read.</param>
/// <param name="Alerts">Open ones.</param>
/// <param name="Anomalies">The newest, newest measured first.</param>
public sealed record FeedSnapshot(DateTimeOffset AsOf, IReadOnlyList<TrainState> Trains, IReadOnlyList<Alert> Alerts, IReadOnlyList<Anomaly> Anomalies);

/// <summary>Reads the snapshot that the feed starts from.</summary>
public sealed class FeedSnapshotReader(ITrainStore trains, IAlertStore alerts, IAnomalyStore anomalies, IOptions<FeedOptions> options, TimeProvider time)
{
    private const int Page = 1_000;

    /// <summary>Reads all trains, all open alerts and the newest anomalies.</summary>
    public async Task<FeedSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        // As many as a store gives at once: of these each scope gets its newest.
        var newestAnomalies = options.Value.NewestAnomalies == 0 ? 0 : Math.Max(options.Value.NewestAnomalies, Page);
        var newest = newestAnomalies == 0
            ? []
            : await anomalies.FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, newestAnomalies), cancellationToken);
        return new FeedSnapshot(asOf, await ReadTrainsAsync(cancellationToken), await ReadOpenAlertsAsync(cancellationToken), newest);
    }

    private async Task<IReadOnlyList<TrainState>> ReadTrainsAsync(CancellationToken cancellationToken)
    {
        var all = new List<TrainState>();
        IReadOnlyList<TrainState> page;
        do
        {
            page = await trains.FindAsync(Scope.WholeFleet, all.Count == 0 ? null : all[^1].Train.Identity.Id, Page, cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == Page);
        return all;
    }

    private async Task<IReadOnlyList<Alert>> ReadOpenAlertsAsync(CancellationToken cancellationToken)
    {
        var all = new List<Alert>();
        IReadOnlyList<Alert> page;
        do
        {
            var after = all.Count == 0 ? null : new AlertCursor(all[^1].Episode.RaisedAt, all[^1].Id);
            page = await alerts.FindAsync(Scope.WholeFleet, new AlertQuery(AlertStates.Open, null, null, null, null, after, Page), cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == Page);
        return all;
    }
}
