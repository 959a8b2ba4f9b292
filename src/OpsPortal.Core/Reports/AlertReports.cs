using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Reports;

/// <summary>How many alerts, where, how bad.</summary>
internal static class AlertsReport
{
    private static readonly AlertTable.Column[] Columns = [AlertTable.Raised, .. AlertTable.BySeverity, AlertTable.Open];

    public static Report Of(ReportQuestion question, ReportFacts facts)
    {
        var steps = StepWords.Table(question);
        return new Report(
            ReportKind.Alerts,
            question,
            [
                AlertTable.Figure(AlertTable.Raised, question, facts, withBefore: true),
                .. AlertTable.BySeverity.Select(column => AlertTable.Figure(column, question, facts, withBefore: true)),
                AlertTable.Figure(AlertTable.Open, question, facts),
                AlertTable.Figure(AlertTable.NotAcknowledged, question, facts),
            ],
            [
                new ReportChart("bar", $"Alerts raised, by {StepWords.Of(question)}", steps, Severities, IsStacked: true),
                new ReportChart("bar", "Alerts raised, by line", "byLine", Severities, IsStacked: true, IsHorizontal: true, MostRows: 12),
            ],
            [
                AlertTable.ByTime(steps, $"By {StepWords.Of(question)}", StepWords.Row(question), Columns, question, facts, question.Steps),
                .. question.StepKind == ReportStepKind.Month ? (ReportTable[])[] : [AlertTable.ByTime("byMonth", "By month", "Month", Columns, question, facts, question.Months)],
                AlertTable.By("byLine", "By line", "Line", Columns, question, facts, alert => alert.Line, (behind, line) => behind with { Line = line }),
                AlertTable.By("byClass", "By class", "Class", Columns, question, facts, alert => alert.Class, (behind, name) => behind with { Class = name }),
            ],
            [.. ReportWords.OfAlerts(question, facts)]);
    }

    private static string[] Severities => [.. AlertTable.BySeverity.Select(column => column.Figure.Id)];
}

/// <summary>How soon alerts were acknowledged and cleared.</summary>
internal static class ResponseReport
{
    private static readonly AlertTable.Column Acknowledged = new(Figures.TimeToAcknowledge, (alerts, _) => Figures.SecondsToAcknowledge(alerts, 0.5), behind => behind);
    private static readonly AlertTable.Column Acknowledged90 = new(Figures.TimeToAcknowledge90, (alerts, _) => Figures.SecondsToAcknowledge(alerts, 0.9), behind => behind);
    private static readonly AlertTable.Column Cleared = new(Figures.TimeToClear, (alerts, _) => Figures.SecondsToClear(alerts, 0.5), behind => behind);
    private static readonly AlertTable.Column Cleared90 = new(Figures.TimeToClear90, (alerts, _) => Figures.SecondsToClear(alerts, 0.9), behind => behind);
    private static readonly AlertTable.Column NotCleared = new(Figures.NotCleared, (alerts, _) => Figures.CountNotCleared(alerts), behind => behind);
    private static readonly AlertTable.Column[] Columns = [AlertTable.Raised, AlertTable.NotAcknowledged, Acknowledged, Acknowledged90, NotCleared, Cleared, Cleared90];

    public static Report Of(ReportQuestion question, ReportFacts facts)
    {
        var steps = StepWords.Table(question);
        return new Report(
            ReportKind.Response,
            question,
            [
                AlertTable.Figure(Acknowledged, question, facts, withBefore: true),
                AlertTable.Figure(Acknowledged90, question, facts, withBefore: true),
                AlertTable.Figure(AlertTable.NotAcknowledged, question, facts),
                AlertTable.Figure(Cleared, question, facts, withBefore: true),
                AlertTable.Figure(Cleared90, question, facts, withBefore: true),
                AlertTable.Figure(NotCleared, question, facts),
                AlertTable.Figure(AlertTable.Raised, question, facts, withBefore: true),
            ],
            [
                new ReportChart("line", $"Time to acknowledge, by {StepWords.Of(question)}", steps, [Figures.TimeToAcknowledge.Id, Figures.TimeToAcknowledge90.Id]),
                new ReportChart("line", $"Time to clear, by {StepWords.Of(question)}", steps, [Figures.TimeToClear.Id, Figures.TimeToClear90.Id]),
            ],
            [
                AlertTable.ByTime(steps, $"By {StepWords.Of(question)}", StepWords.Row(question), Columns, question, facts, question.Steps),
                AlertTable.By("bySeverity", "By severity", "Severity", Columns, question, facts, alert => $"{alert.Severity}", (behind, name) => behind with { Severity = Enum.Parse<Alerts.Severity>(name) }),
                AlertTable.By("byLine", "By line", "Line", Columns, question, facts, alert => alert.Line, (behind, line) => behind with { Line = line }),
                AlertTable.By("byClass", "By class", "Class", Columns, question, facts, alert => alert.Class, (behind, name) => behind with { Class = name }),
            ],
            [.. ReportWords.OfAlerts(question, facts)]);
    }
}

/// <summary>Which trains and components are worst.</summary>
internal static class WorstReport
{
    private static readonly AlertTable.Column[] Columns = [AlertTable.Raised, AlertTable.BySeverity[0], AlertTable.Open, AlertTable.Before, AlertTable.Change];

    public static Report Of(ReportQuestion question, ReportFacts facts)
    {
        var names = facts.Trains.ToDictionary(train => train.Id, train => train.Name, StringComparer.Ordinal);
        return new Report(
            ReportKind.Worst,
            question,
            [
                AlertTable.Figure(AlertTable.Raised, question, facts, withBefore: true),
                AlertTable.Figure(AlertTable.BySeverity[0], question, facts, withBefore: true),
                AlertTable.Figure(AlertTable.Trains, question, facts, withBefore: true),
                AlertTable.Figure(AlertTable.Open, question, facts),
            ],
            [
                new ReportChart("bar", "Trains with most alerts", "byTrain", [Figures.AlertsRaised.Id, Figures.CriticalRaised.Id], IsHorizontal: true, MostRows: 10),
                new ReportChart("bar", "Components with most alerts", "byComponent", [Figures.AlertsRaised.Id, Figures.CriticalRaised.Id], IsHorizontal: true, MostRows: 10),
            ],
            [
                AlertTable.By("byTrain", "Trains, most alerts first", "Train", Columns, question, facts, alert => alert.TrainId, (behind, train) => behind with { TrainId = train }, id => names.GetValueOrDefault(id, id), areTrains: true, worstFirst: true),
                AlertTable.By("byComponent", "Components, most alerts first", "Component", [.. Columns[..2], AlertTable.Trains, .. Columns[2..]], question, facts, alert => alert.Subsystem, (behind, part) => behind with { Subsystem = part }, SensorCatalogue.SubsystemWords, worstFirst: true),
            ],
            [.. ReportWords.OfAlerts(question, facts), .. BeforeWords(question, facts)]);
    }

    private static IEnumerable<string> BeforeWords(ReportQuestion question, ReportFacts facts)
    {
        if (facts.KnownFrom is not null && !ReportWords.KnowsBefore(question, facts))
        {
            yield return $"The period before, from {ReportWords.At(question.BeforeFrom, question.Zone)}, is not known as a whole: there is nothing to compare with.";
        }
    }
}
