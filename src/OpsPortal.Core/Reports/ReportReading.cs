using System.Globalization;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Core.Reports;

/// <summary>Asks the warehouse for what reports are made from, as the user: what their scope does not include is not there, and so in no figure.</summary>
public sealed class ReportReading(IWarehouse warehouse, IOptions<ReportOptions> options)
{
    private readonly ReportOptions _options = options.Value;

    /// <summary>Reads everything. Throws as <see cref="IWarehouse.RunAsync"/> does.</summary>
    /// <param name="withMinutes">Whether minutes of readings are asked for, and not alerts.</param>
    public async Task<ReportFacts> ReadAsync(User user, ReportQuestion question, bool withMinutes, CancellationToken cancellationToken)
    {
        var trains = await TrainsAsync(user, cancellationToken);
        var minutes = withMinutes ? await MinutesAsync(user, question, cancellationToken) : [];
        var (alerts, cut) = withMinutes ? ([], false) : await AlertsAsync(user, question, cancellationToken);
        var firsts = trains.Select(train => train.FirstMinute).Append(await FirstAlertAsync(user, cancellationToken)).OfType<DateTimeOffset>().ToList();
        return new ReportFacts(
            trains, [.. alerts.Where(alert => alert.RaisedAt >= question.From)], [.. alerts.Where(alert => alert.RaisedAt < question.From)], minutes, firsts.Count == 0 ? null : firsts.Min(), cut);
    }

    private async Task<IReadOnlyList<TrainFact>> TrainsAsync(User user, CancellationToken cancellationToken)
    {
        // SQLite seeks the first minute of each train in an index; Redshift has none and reads a column once.
        const string OnSqlite = "SELECT t.train, t.name, t.line, t.class, t.measured_at, (SELECT MIN(m.minute) FROM train_minutes m WHERE m.train = t.train) FROM trains t ORDER BY t.train";
        const string OnRedshift = """
            SELECT t.train, t.name, t.line, t.class, t.measured_at, f.first_minute FROM trains t
            LEFT JOIN (SELECT train, MIN(minute) AS first_minute FROM readings_minute GROUP BY train) f ON f.train = t.train ORDER BY t.train
            """;
        var rows = new List<TrainFact>();
        await using var result = await AskAsync(user, warehouse.Dialect == WarehouseDialect.Sqlite ? OnSqlite : OnRedshift, [], null, cancellationToken);
        while (await result.ReadAsync(cancellationToken))
        {
            rows.Add(new TrainFact(result[0]!, result[1] ?? result[0]!, result[2]!, result[3]!, Time(result[4]), Time(result[5])));
        }

        return rows;
    }

    private async Task<IReadOnlyList<MinuteCount>> MinutesAsync(User user, ReportQuestion question, CancellationToken cancellationToken)
    {
        var until = question.ExpectedUntil < question.End ? question.ExpectedUntil : question.End;
        var values = new Dictionary<string, object?> { ["from"] = question.From, ["to"] = until };
        var steps = question.Steps;
        var cases = string.Concat(Enumerable.Range(1, Math.Max(0, steps.Count - 1)).Select(i =>
        {
            values[$"s{i}"] = steps[i].Start;
            return string.Create(CultureInfo.InvariantCulture, $"WHEN minute < :s{i} THEN {i - 1} ");
        }));
        var step = cases.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"CASE {cases}ELSE {steps.Count - 1} END");
        // Distinct: in the minute in which a train moved to another depot, line or class it has two rows.
        var text = $"""
            SELECT train, {step} AS step, COUNT(DISTINCT minute), COUNT(DISTINCT CASE WHEN late THEN minute END)
            FROM train_minutes WHERE minute >= :from AND minute < :to{Narrow(values, "train", question.TrainId)} GROUP BY 1, 2
            """;
        var rows = new List<MinuteCount>();
        await using var result = await AskAsync(user, text, values, null, cancellationToken);
        while (await result.ReadAsync(cancellationToken))
        {
            rows.Add(new MinuteCount(result[0]!, (int)Number(result[1]), Number(result[2]), Number(result[3])));
        }

        return rows;
    }

    private async Task<(IReadOnlyList<AlertFact> Alerts, bool AreCut)> AlertsAsync(User user, ReportQuestion question, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object?> { ["from"] = question.BeforeFrom, ["to"] = question.End };
        // Newest first: when there are too many, those of long ago are left out.
        var text = $"""
            SELECT train, line, class, subsystem, severity, raised_at, acknowledged_at, cleared_at FROM alerts
            WHERE raised_at >= :from AND raised_at < :to{Narrow(values, "line", question.Line)}{Narrow(values, "class", question.Class)}{Narrow(values, "train", question.TrainId)} ORDER BY raised_at DESC
            """;
        var rows = new List<AlertFact>();
        await using var result = await AskAsync(user, text, values, _options.MostAlerts, cancellationToken);
        while (await result.ReadAsync(cancellationToken))
        {
            rows.Add(new AlertFact(result[0]!, result[1]!, result[2]!, result[3]!, Enum.Parse<Severity>(result[4]!, ignoreCase: true), Time(result[5])!.Value, Time(result[6]), Time(result[7])));
        }

        return (rows, result.IsCut);
    }

    private async Task<DateTimeOffset?> FirstAlertAsync(User user, CancellationToken cancellationToken)
    {
        await using var result = await AskAsync(user, "SELECT MIN(raised_at) FROM alerts", [], null, cancellationToken);
        return await result.ReadAsync(cancellationToken) ? Time(result[0]) : null;
    }

    private Task<IWarehouseResult> AskAsync(User user, string text, Dictionary<string, object?> values, long? rows, CancellationToken cancellationToken) =>
        warehouse.RunAsync(user, new WarehouseQuery(text, values, rows, _options.QueryTime), cancellationToken);

    // The column is one of this class's own words; the value travels beside the text.
    private static string Narrow(Dictionary<string, object?> values, string column, string? value)
    {
        if (value is null)
        {
            return "";
        }

        values[column] = value;
        return $" AND {column} = :{column}";
    }

    private static long Number(string? text) => long.Parse(text!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
