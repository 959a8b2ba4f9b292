using OpsPortal.Core.Alerts;

namespace OpsPortal.Core.Reports;

/// <summary>Tables of alerts by something: every report about alerts has some, with other columns.</summary>
internal static class AlertTable
{
    /// <summary>A column: its figure, how it comes from the alerts of a row (and those of the period before), and which of the row's alerts it counts.</summary>
    public sealed record Column(Figure Figure, Func<IReadOnlyList<AlertFact>, IReadOnlyList<AlertFact>?, double?> Value, Func<AlertsBehind, AlertsBehind>? Behind);

    public static Column Raised { get; } = new(Figures.AlertsRaised, (alerts, _) => alerts.Count, behind => behind);

    public static IReadOnlyList<Column> BySeverity { get; } = [Of(Severity.Critical), Of(Severity.Warning), Of(Severity.Watch)];

    public static Column Open { get; } = new(Figures.OpenAlerts, (alerts, _) => Figures.CountOpen(alerts), behind => behind with { Open = true });

    public static Column NotAcknowledged { get; } = new(Figures.NotAcknowledged, (alerts, _) => Figures.CountNotAcknowledged(alerts), behind => behind with { NotAcknowledged = true });

    public static Column Before { get; } = new(Figures.RaisedBefore, (_, before) => before?.Count, null);

    public static Column Change { get; } = new(Figures.Change, (alerts, before) => alerts.Count - before?.Count, null);

    public static Column Trains { get; } = new(Figures.TrainsWithAlerts, (alerts, _) => Figures.CountTrains(alerts), behind => behind);

    /// <summary>Alerts within the period as a whole.</summary>
    public static AlertsBehind Whole(ReportQuestion question) => new(question.From, question.End, question.Line, question.Class, question.TrainId);

    public static ReportFigure Figure(Column column, ReportQuestion question, ReportFacts facts, bool withBefore = false) => new(
        column.Figure,
        facts.Knows(question.End) ? column.Figure.Round(column.Value(facts.Alerts, ReportWords.KnowsBefore(question, facts) ? facts.Before : null)) : null,
        withBefore && ReportWords.KnowsBefore(question, facts) ? column.Figure.Round(column.Value(facts.Before, null)) : null,
        column.Behind?.Invoke(Whole(question)));

    /// <summary>One row for each key that occurs in the period.</summary>
    public static ReportTable By(
        string id, string title, string rowName, IReadOnlyList<Column> columns, ReportQuestion question, ReportFacts facts,
        Func<AlertFact, string> key, Func<AlertsBehind, string, AlertsBehind> narrow, Func<string, string>? name = null, bool areTrains = false, bool worstFirst = false)
    {
        var before = ReportWords.KnowsBefore(question, facts) ? facts.Before.ToLookup(key, StringComparer.Ordinal) : null;
        var groups = facts.Alerts.GroupBy(key, StringComparer.Ordinal).Select(group => (group.Key, Alerts: (IReadOnlyList<AlertFact>)[.. group]));
        var ordered = worstFirst
            ? groups.OrderByDescending(group => group.Alerts.Count).ThenByDescending(group => Figures.CountRaised(group.Alerts, Severity.Critical)).ThenBy(group => group.Key, StringComparer.Ordinal)
            : groups.OrderBy(group => group.Key, StringComparer.Ordinal);
        return new ReportTable(id, title, rowName, [.. columns.Select(column => new ReportColumn(column.Figure))], [.. ordered.Select(group => Row(
            name?.Invoke(group.Key) ?? group.Key, areTrains ? group.Key : null, columns, group.Alerts, before is null ? null : [.. before[group.Key]], narrow(Whole(question), group.Key)))]);
    }

    /// <summary>One row for each step of the period, also for those without alerts.</summary>
    public static ReportTable ByTime(string id, string title, string rowName, IReadOnlyList<Column> columns, ReportQuestion question, ReportFacts facts, IReadOnlyList<ReportStep> steps)
    {
        return new ReportTable(id, title, rowName, [.. columns.Select(column => new ReportColumn(column.Figure))], [.. steps.Select(step =>
        {
            IReadOnlyList<AlertFact> alerts = [.. facts.Alerts.Where(alert => alert.RaisedAt >= step.Start && alert.RaisedAt < step.End)];
            return facts.Knows(step.End)
                ? Row(step.Name, null, columns, alerts, null, Whole(question) with { From = step.Start, To = step.End })
                : ReportRow.Unknown(step.Name, columns.Count);
        })]);
    }

    private static ReportRow Row(string name, string? trainId, IReadOnlyList<Column> columns, IReadOnlyList<AlertFact> alerts, IReadOnlyList<AlertFact>? before, AlertsBehind behind) =>
        new(name, trainId, [.. columns.Select(column => new ReportCell(column.Figure.Round(column.Value(alerts, before)), column.Behind?.Invoke(behind)))]);

    private static Column Of(Severity severity) => new(Figures.Raised(severity), (alerts, _) => Figures.CountRaised(alerts, severity), behind => behind with { Severity = severity });
}
