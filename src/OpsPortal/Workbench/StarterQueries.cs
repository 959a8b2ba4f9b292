using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>A parameter of a starter query.</summary>
/// <param name="Type">text, number, boolean or time.</param>
/// <param name="Example">What stands in the field at first; for times <c>-24h</c> means so long ago, <c>now</c> now.</param>
internal sealed record StarterParameter(string Name, string Type, string Example);

/// <summary>A query to begin with.</summary>
/// <param name="Sql">In the warehouse's own SQL.</param>
internal sealed record StarterQuery(string Id, string Title, string About, string Sql, IReadOnlyList<StarterParameter> Parameters);

/// <summary>Queries over the product's tables to begin with: one text where the dialects agree, two where they do not.</summary>
internal static class StarterQueries
{
    private static readonly StarterParameter From = new("from", "time", "-24h");
    private static readonly StarterParameter To = new("to", "time", "now");
    private static readonly StarterParameter Train = new("train", "text", "");

    /// <summary>All, in the dialect, in the order in which they are offered.</summary>
    public static IReadOnlyList<StarterQuery> Of(WarehouseDialect dialect)
    {
        var isSqlite = dialect == WarehouseDialect.Sqlite;
        string Hour(string time) => isSqlite ? $"strftime('%Y-%m-%d %H:00:00', {time})" : $"date_trunc('hour', {time})";
        string Minutes(string from, string to) => isSqlite ? $"(julianday({to}) - julianday({from})) * 1440" : $"EXTRACT(EPOCH FROM ({to} - {from})) / 60";
        string Shifted(string time, string by) => isSqlite ? $"datetime({time}, '{by}')" : $"{time} + INTERVAL '{by}'";
        return
        [
            new("alert-readings", "Readings around an alert", "Every sensor of the alert's train, from half an hour before it was raised to half an hour after its last anomaly.", $"""
                SELECT r.minute, r.sensor, r.min_value, r.mean_value, r.max_value, r.readings, r.late
                FROM alerts a
                JOIN readings_minute r ON r.train = a.train
                    AND r.minute >= {Shifted("a.raised_at", "-30 minutes")} AND r.minute <= {Shifted("a.last_anomaly_at", "30 minutes")}
                WHERE a.id = :alert
                ORDER BY r.sensor, r.minute
                """, [new("alert", "text", "")]),
            new("train-readings", "Readings of a train", "Every sensor of one train, minute by minute.", """
                SELECT minute, sensor, min_value, mean_value, max_value, readings, late
                FROM readings_minute
                WHERE train = :train AND minute >= :from AND minute < :to
                ORDER BY sensor, minute
                """, [Train, From, To]),
            new("sensor-of-train", "One sensor of a train", "Lowest, mean and highest value of each minute.", """
                SELECT minute, min_value, mean_value, max_value
                FROM readings_minute
                WHERE train = :train AND sensor = :sensor AND minute >= :from AND minute < :to
                ORDER BY minute
                """, [Train, new("sensor", "text", "axleBoxTemperature.car3.axle2.right"), From, To]),
            new("sensor-fleet", "One kind of sensor over the fleet", "Which trains stand out: mean and highest of a kind of sensor.", """
                SELECT train, line, class, COUNT(*) AS minutes, AVG(mean_value) AS mean_value, MAX(max_value) AS max_value
                FROM readings_minute
                WHERE sensor LIKE :sensor AND minute >= :from AND minute < :to
                GROUP BY train, line, class
                ORDER BY max_value DESC, train
                """, [new("sensor", "text", "axleBoxTemperature%"), From, To]),
            new("hottest-axle-boxes", "Hottest axle boxes", "The highest value of each axle box, hottest first.", """
                SELECT train, sensor, MAX(max_value) AS hottest, AVG(mean_value) AS mean_value
                FROM readings_minute
                WHERE sensor LIKE 'axleBoxTemperature%' AND minute >= :from AND minute < :to
                GROUP BY train, sensor
                ORDER BY hottest DESC, train, sensor
                """, [From, To]),
            new("train-alerts", "Alerts of a train", "Everything that was raised for one train, newest first.", """
                SELECT raised_at, severity, subsystem, state, explanation, anomalies, acknowledged_by, acknowledged_at, cleared_at, id
                FROM alerts
                WHERE train = :train
                ORDER BY raised_at DESC, id
                """, [Train]),
            new("open-alerts", "Open alerts, worst first", "What has not cleared yet.", """
                SELECT severity, train, line, class, subsystem, raised_at, acknowledged_by, explanation, id
                FROM alerts
                WHERE cleared_at IS NULL
                ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, raised_at
                """, []),
            new("alerts-by-day", "Alerts by day and line", "How many, how many acknowledged, how many cleared.", """
                SELECT day, line, SUM(alerts) AS alerts, SUM(anomalies) AS anomalies, SUM(acknowledged) AS acknowledged, SUM(cleared) AS cleared
                FROM alerts_by_day
                GROUP BY day, line
                ORDER BY day DESC, line
                """, []),
            new("time-to-acknowledge", "Time to acknowledge", "Minutes from raised to acknowledged, by line and severity.", $"""
                SELECT line, severity, COUNT(*) AS alerts, AVG({Minutes("raised_at", "acknowledged_at")}) AS mean_minutes, MAX({Minutes("raised_at", "acknowledged_at")}) AS longest_minutes
                FROM alerts
                WHERE acknowledged_at IS NOT NULL AND raised_at >= :from AND raised_at < :to
                GROUP BY line, severity
                ORDER BY mean_minutes DESC
                """, [From, To]),
            new("time-to-clear", "Time to clear", "Minutes from raised to cleared, by subsystem.", $"""
                SELECT subsystem, COUNT(*) AS alerts, AVG({Minutes("raised_at", "cleared_at")}) AS mean_minutes, MAX({Minutes("raised_at", "cleared_at")}) AS longest_minutes
                FROM alerts
                WHERE cleared_at IS NOT NULL AND raised_at >= :from AND raised_at < :to
                GROUP BY subsystem
                ORDER BY mean_minutes DESC
                """, [From, To]),
            new("waiting-for-the-train", "Acknowledged, but not confirmed by the train", "The train has not reported these acknowledgements yet.", """
                SELECT train, depot, subsystem, severity, acknowledged_by, acknowledged_at, id
                FROM alerts
                WHERE acknowledged_at IS NOT NULL AND reported_at IS NULL
                ORDER BY acknowledged_at
                """, []),
            new("worst-trains", "Trains with most alerts", "Alerts by train, with the critical ones apart.", """
                SELECT train, line, class, COUNT(*) AS alerts, SUM(CASE WHEN severity = 'critical' THEN 1 ELSE 0 END) AS critical, MAX(raised_at) AS latest
                FROM alerts
                WHERE raised_at >= :from AND raised_at < :to
                GROUP BY train, line, class
                ORDER BY alerts DESC, train
                """, [From, To]),
            new("anomalies-by-sensor", "Anomalies by sensor", "Which sensors carry the anomalies, and how strongly.", """
                SELECT sensor, direction, COUNT(*) AS anomalies, COUNT(DISTINCT train) AS trains, AVG(grade) AS mean_grade, MAX(score) AS highest_score
                FROM anomalies
                WHERE measured_at >= :from AND measured_at < :to
                GROUP BY sensor, direction
                ORDER BY anomalies DESC, sensor
                """, [From, To]),
            new("strongest-anomalies", "Strongest anomalies", "What was observed and what was expected, most surprising first.", """
                SELECT measured_at, train, subsystem, sensor, direction, observed, expected, unit, grade, score, id
                FROM anomalies
                WHERE measured_at >= :from AND measured_at < :to AND grade >= :grade
                ORDER BY score DESC, id
                """, [From, To, new("grade", "number", "0.5")]),
            new("anomalies-by-place", "Anomalies by place", "Counted on squares of a tenth of a degree, by line.", """
                SELECT ROUND(CAST(latitude AS NUMERIC), 1) AS latitude, ROUND(CAST(longitude AS NUMERIC), 1) AS longitude, line, COUNT(*) AS anomalies, AVG(speed_kmh) AS mean_speed_kmh
                FROM anomalies
                WHERE latitude IS NOT NULL AND measured_at >= :from AND measured_at < :to
                GROUP BY ROUND(CAST(latitude AS NUMERIC), 1), ROUND(CAST(longitude AS NUMERIC), 1), line
                ORDER BY anomalies DESC, line
                """, [From, To]),
            new("late-data", "Late data by depot", "Minutes of readings that arrived late, as after a tunnel, and their share.", """
                SELECT depot, COUNT(*) AS minutes, SUM(CASE WHEN late THEN 1 ELSE 0 END) AS late_minutes, AVG(CASE WHEN late THEN 100.0 ELSE 0.0 END) AS late_percent
                FROM readings_minute
                WHERE minute >= :from AND minute < :to
                GROUP BY depot
                ORDER BY late_percent DESC, depot
                """, [From, To]),
            new("readings-by-hour", "Readings by hour", "How much data came, by hour and line: gaps show.", $"""
                SELECT {Hour("minute")} AS hour, line, COUNT(DISTINCT train) AS trains, SUM(readings) AS readings
                FROM readings_minute
                WHERE minute >= :from AND minute < :to
                GROUP BY {Hour("minute")}, line
                ORDER BY hour, line
                """, [From, To]),
            new("silent-trains", "Trains not heard since", "Trains whose last reading is older than a time.", """
                SELECT train, name, depot, line, class, measured_at
                FROM trains
                WHERE measured_at < :before OR measured_at IS NULL
                ORDER BY measured_at
                """, [new("before", "time", "-1h")]),
            new("trains-by-line", "Trains by line and class", "How many, how many cars, and when last heard.", """
                SELECT line, class, COUNT(*) AS trains, SUM(cars) AS cars, MAX(measured_at) AS last_heard
                FROM trains
                GROUP BY line, class
                ORDER BY line, class
                """, []),
        ];
    }
}
