using OpsPortal.Core.Alerts;

namespace OpsPortal.Core.Reports;

/// <summary>Of an alert what figures need, from the store or from the warehouse.</summary>
public sealed record AlertFact(string TrainId, string Line, string Class, string Subsystem, Severity Severity, DateTimeOffset RaisedAt, DateTimeOffset? AcknowledgedAt, DateTimeOffset? ClearedAt)
{
    /// <summary>Still asks somebody for something: as <see cref="Alert.IsOpen"/>.</summary>
    public bool IsOpen => AcknowledgedAt is null || ClearedAt is null;

    /// <summary>The same of a live alert.</summary>
    public static AlertFact Of(Alert alert) =>
        new(alert.Train.Id, alert.Train.Line, alert.Train.Class, alert.Subsystem, alert.Episode.Severity, alert.Episode.RaisedAt, alert.Acknowledgement?.At, alert.Episode.ClearedAt);
}

/// <summary>A train as the warehouse knows it.</summary>
/// <param name="MeasuredAt">Newest train time heard; null when it was never heard.</param>
/// <param name="FirstMinute">First minute with readings that is known; null when there is none.</param>
public sealed record TrainFact(string Id, string Name, string Line, string Class, DateTimeOffset? MeasuredAt, DateTimeOffset? FirstMinute);

/// <summary>Minutes with readings of one train within one step of a period.</summary>
/// <param name="Late">Of them, those of which some part came late.</param>
public sealed record MinuteCount(string TrainId, int Step, long Received, long Late);

/// <summary>All that a report is made from.</summary>
/// <param name="Trains">All in the user's scope.</param>
/// <param name="Alerts">Of the period, filtered.</param>
/// <param name="Before">Of the period before, filtered.</param>
/// <param name="Minutes">Of the period, of all trains; empty when the report does not ask for them.</param>
/// <param name="KnownFrom">First moment of which anything at all is known; null when nothing is.</param>
/// <param name="AlertsAreCut">There were more alerts than are counted: the oldest are missing.</param>
public sealed record ReportFacts(
    IReadOnlyList<TrainFact> Trains, IReadOnlyList<AlertFact> Alerts, IReadOnlyList<AlertFact> Before, IReadOnlyList<MinuteCount> Minutes, DateTimeOffset? KnownFrom, bool AlertsAreCut)
{
    /// <summary>Whether anything is known of a time that ends then. Of one of which nothing is known there is no count either: none would be a claim.</summary>
    public bool Knows(DateTimeOffset end) => KnownFrom < end;
}
