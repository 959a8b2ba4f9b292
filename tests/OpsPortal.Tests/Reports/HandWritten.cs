using OpsPortal.Core.Reports;

namespace OpsPortal.Tests.Reports;

/// <summary>Each figure of reports in SQL, as a person would write it on the processed tables of the embedded warehouse.</summary>
internal static class HandWritten
{
    private const string Minutes = "(SELECT train, minute, MAX(late) AS late FROM readings_minute WHERE minute >= :from AND minute < :until GROUP BY train, minute)";

    private const string Expected = "(SELECT CAST(ROUND((julianday(:until) - julianday(MAX(MIN(minute), :from))) * 1440) AS INTEGER) AS minutes, train FROM readings_minute GROUP BY train)";

    private const string Raised = "FROM alerts WHERE raised_at >= :from AND raised_at < :to";

    public static string Of(Figure figure) => figure.Id switch
    {
        "availability" => $"SELECT 100.0 * (SELECT COUNT(*) FROM {Minutes}) / (SELECT SUM(minutes) FROM {Expected})",
        "punctuality" => $"SELECT 100.0 * SUM(NOT late) / COUNT(*) FROM {Minutes}",
        "lateShare" => $"SELECT 100.0 * SUM(late) / COUNT(*) FROM {Minutes}",
        "expectedMinutes" => $"SELECT SUM(minutes) FROM {Expected}",
        "receivedMinutes" => $"SELECT COUNT(*) FROM {Minutes}",
        "missingMinutes" => $"SELECT (SELECT SUM(minutes) FROM {Expected}) - (SELECT COUNT(*) FROM {Minutes})",
        "lateMinutes" => $"SELECT SUM(late) FROM {Minutes}",
        "trainsExpected" => $"SELECT COUNT(*) FROM {Expected} WHERE minutes > 0",
        "trainsSilent" => $"SELECT COUNT(*) FROM {Expected} WHERE minutes > 0 AND train NOT IN (SELECT train FROM {Minutes})",
        "alertsRaised" => $"SELECT COUNT(*) {Raised}",
        "criticalRaised" => $"SELECT COUNT(*) {Raised} AND severity = 'critical'",
        "warningRaised" => $"SELECT COUNT(*) {Raised} AND severity = 'warning'",
        "watchRaised" => $"SELECT COUNT(*) {Raised} AND severity = 'watch'",
        "openAlerts" => $"SELECT COUNT(*) {Raised} AND state <> 'cleared'",
        "notAcknowledged" => $"SELECT COUNT(*) {Raised} AND acknowledged_by IS NULL",
        "timeToAcknowledge" => Rank("acknowledged_at", 50),
        "timeToAcknowledge90" => Rank("acknowledged_at", 90),
        "notCleared" => $"SELECT COUNT(*) {Raised} AND cleared_at IS NULL",
        "timeToClear" => Rank("cleared_at", 50),
        "timeToClear90" => Rank("cleared_at", 90),
        "trainsWithAlerts" => $"SELECT COUNT(DISTINCT train) {Raised}",
        _ => throw new ArgumentException($"Write the figure {figure.Id} by hand.", nameof(figure)),
    };

    // The first whose place reaches the share.
    private static string Rank(string column, int percent) => $"""
        SELECT seconds FROM (
            SELECT MAX(0, (julianday({column}) - julianday(raised_at)) * 86400) AS seconds, ROW_NUMBER() OVER (ORDER BY julianday({column}) - julianday(raised_at)) AS place, COUNT(*) OVER () AS all_of_them
            {Raised} AND {column} IS NOT NULL)
        WHERE place * 100 >= {percent} * all_of_them ORDER BY place LIMIT 1
        """;
}
