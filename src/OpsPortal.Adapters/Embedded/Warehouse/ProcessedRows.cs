using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>Writes changed trains, anomalies and alerts into the processed tables; twice does no harm.</summary>
internal static class ProcessedRows
{
    public static void Write(SqliteSession session, ChangedDocuments page)
    {
        foreach (var state in page.Trains)
        {
            Write(session, state);
        }

        foreach (var anomaly in page.Anomalies)
        {
            Write(session, anomaly);
        }

        foreach (var alert in page.Alerts)
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
}
