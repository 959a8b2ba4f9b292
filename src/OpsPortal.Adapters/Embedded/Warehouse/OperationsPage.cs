using System.Text.Json.Serialization.Metadata;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>Trains, anomalies and alerts that changed, up to a change number, on their way into the processed tables.</summary>
internal sealed record OperationsPage(long End, IReadOnlyList<TrainState> Trains, IReadOnlyList<Anomaly> Anomalies, IReadOnlyList<Alert> Alerts)
{
    public static OperationsPage Read(SqliteSession session, long after, int limit)
    {
        var newest = ChangeNumbers.Newest(session);
        var trains = Changed(session, "SELECT change, body FROM train_states WHERE change > $after ORDER BY change LIMIT $limit", EmbeddedJson.Default.TrainState, after, limit);
        var anomalies = Changed(session, "SELECT change, body FROM anomalies WHERE change > $after ORDER BY change LIMIT $limit", EmbeddedJson.Default.Anomaly, after, limit);
        var alerts = Changed(session, "SELECT change, body FROM alerts WHERE change > $after ORDER BY change LIMIT $limit", EmbeddedJson.Default.Alert, after, limit);
        // A full list may go on: the page ends where the first full list ends.
        var end = Math.Min(Math.Min(EndOf(trains, limit), EndOf(anomalies, limit)), Math.Min(EndOf(alerts, limit), newest));
        return new OperationsPage(end, UpTo(trains, end), UpTo(anomalies, end), UpTo(alerts, end));
    }

    public void Write(SqliteSession session)
    {
        foreach (var state in Trains)
        {
            Write(session, state);
        }

        foreach (var anomaly in Anomalies)
        {
            Write(session, anomaly);
        }

        foreach (var alert in Alerts)
        {
            Write(session, alert);
        }
    }

    private static void Write(SqliteSession session, TrainState state) =>
        session.Run(
            "INSERT OR REPLACE INTO trains VALUES ($train, $name, $depot, $line, $class, $cars, $measured)",
            ("$train", state.Train.Identity.Id),
            ("$name", state.Train.Name),
            ("$depot", state.Train.Identity.Depot),
            ("$line", state.Train.Identity.Line),
            ("$class", state.Train.Identity.Class),
            ("$cars", state.Train.Cars),
            ("$measured", WarehouseFilling.Text(state.MeasuredAt)));

    private static void Write(SqliteSession session, Anomaly anomaly)
    {
        var top = anomaly.Shares.Count > 0 ? anomaly.Shares[0] : null;
        session.Run(
            """
            INSERT OR REPLACE INTO anomalies VALUES ($id, $train, $depot, $line, $class, $subsystem, $measured, $received, $kept, $late, $grade, $score,
                $sensor, $share, $direction, $observed, $expected, $unit, $latitude, $longitude, $speed)
            """,
            ("$id", anomaly.Id),
            ("$train", anomaly.Train.Id),
            ("$depot", anomaly.Train.Depot),
            ("$line", anomaly.Train.Line),
            ("$class", anomaly.Train.Class),
            ("$subsystem", anomaly.Subsystem),
            ("$measured", WarehouseFilling.Text(anomaly.MeasuredAt)),
            ("$received", WarehouseFilling.Text(anomaly.ReceivedAt)),
            ("$kept", WarehouseFilling.Text(anomaly.KeptAt)),
            ("$late", anomaly.Late),
            ("$grade", anomaly.Grade),
            ("$score", anomaly.Score),
            ("$sensor", top?.Sensor),
            ("$share", top?.Share),
            ("$direction", top?.Direction.ToString().ToLowerInvariant()),
            ("$observed", Number(top?.Observed)),
            ("$expected", Number(top?.Expected)),
            ("$unit", top?.Unit),
            ("$latitude", anomaly.Position?.Latitude),
            ("$longitude", anomaly.Position?.Longitude),
            ("$speed", anomaly.Position?.SpeedKmh));
    }

    private static void Write(SqliteSession session, Alert alert)
    {
        var episode = alert.Episode;
        session.Run(
            """
            INSERT OR REPLACE INTO alerts VALUES ($id, $train, $depot, $line, $class, $subsystem, $severity, $safety, $state, $raised, $last, $cleared,
                $anomalies, $explanation, $by, $at, $reported)
            """,
            ("$id", alert.Id),
            ("$train", alert.Train.Id),
            ("$depot", alert.Train.Depot),
            ("$line", alert.Train.Line),
            ("$class", alert.Train.Class),
            ("$subsystem", alert.Subsystem),
            ("$severity", Name(episode.Severity)),
            ("$safety", alert.SafetyClass),
            ("$state", Name(alert.State)),
            ("$raised", WarehouseFilling.Text(episode.RaisedAt)),
            ("$last", WarehouseFilling.Text(episode.LastAnomalyAt)),
            ("$cleared", WarehouseFilling.Text(episode.ClearedAt)),
            ("$anomalies", episode.Count),
            ("$explanation", episode.Explanation),
            ("$by", alert.Acknowledgement?.By),
            ("$at", WarehouseFilling.Text(alert.Acknowledgement?.At)),
            ("$reported", WarehouseFilling.Text(alert.Delivery?.ReportedAt)));
    }

    // As the API writes them.
    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static double? Number(double? value) => value is { } some && double.IsFinite(some) ? some : null;

    private static List<(long Change, T Document)> Changed<T>(SqliteSession session, string sql, JsonTypeInfo<T> type, long after, int limit) =>
        session.Read(sql, row => (row.GetInt64(0), row.Document(1, type)), ("$after", after), ("$limit", limit));

    private static long EndOf<T>(List<(long Change, T Document)> list, int limit) => list.Count < limit ? long.MaxValue : list[^1].Change;

    private static List<T> UpTo<T>(List<(long Change, T Document)> list, long end) => [.. list.Where(row => row.Change <= end).Select(row => row.Document)];
}
