using System.Text.Json.Serialization.Metadata;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Embedded.Feed;

/// <summary>Train states, anomalies and alerts that changed after a number, each in order, all of them up to <paramref name="End"/>.</summary>
internal sealed record ChangedDocuments(long End, IReadOnlyList<TrainState> Trains, IReadOnlyList<Anomaly> Anomalies, IReadOnlyList<Alert> Alerts)
{
    /// <param name="limit">Of one kind at most.</param>
    public static ChangedDocuments Read(SqliteSession session, long after, int limit)
    {
        var newest = ChangeNumbers.Newest(session);
        var trains = Changed(session, "SELECT change, body FROM train_states WHERE change > $after ORDER BY change LIMIT $limit", EmbeddedJson.Default.TrainState, after, limit);
        var anomalies = Changed(session, "SELECT change, body FROM anomalies WHERE change > $after ORDER BY change LIMIT $limit", EmbeddedJson.Default.Anomaly, after, limit);
        var alerts = Changed(session, "SELECT change, body FROM alerts WHERE change > $after ORDER BY change LIMIT $limit", EmbeddedJson.Default.Alert, after, limit);
        // A full list may go on: the page ends where the first full list ends, the rest comes with the next page.
        var end = Math.Min(Math.Min(EndOf(trains, limit), EndOf(anomalies, limit)), Math.Min(EndOf(alerts, limit), newest));
        return new ChangedDocuments(end, UpTo(trains, end), UpTo(anomalies, end), UpTo(alerts, end));
    }

    private static List<(long Change, T Document)> Changed<T>(SqliteSession session, string sql, JsonTypeInfo<T> type, long after, int limit) =>
        session.Read(sql, row => (row.GetInt64(0), row.Document(1, type)), ("$after", after), ("$limit", limit));

    private static long EndOf<T>(List<(long Change, T Document)> list, int limit) => list.Count < limit ? long.MaxValue : list[^1].Change;

    private static List<T> UpTo<T>(List<(long Change, T Document)> list, long end) => [.. list.Where(row => row.Change <= end).Select(row => row.Document)];
}
