using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Alerts;

/// <summary>How bad: orders lists and symbols.</summary>
public enum Severity
{
    /// <summary>Worth a look.</summary>
    Watch = 1,

    /// <summary>Act soon.</summary>
    Warning = 2,

    /// <summary>Act now.</summary>
    Critical = 3,
}

/// <summary>States after ISA-18.2. The last four are used by the alert desk.</summary>
public enum AlertState
{
    /// <summary>The condition stands, nobody has said "seen".</summary>
    Unacknowledged = 0,

    /// <summary>The condition stands, an operator has taken it.</summary>
    Acknowledged = 1,

    /// <summary>The condition is gone, nobody has said "seen".</summary>
    ReturnedUnacknowledged = 2,

    /// <summary>The condition is gone and it was acknowledged: the standard's Normal.</summary>
    Cleared = 3,

    /// <summary>Kept until reset.</summary>
    Latched = 4,

    /// <summary>Hidden for a time, with a reason.</summary>
    Shelved = 5,

    /// <summary>Suppressed by design.</summary>
    Suppressed = 6,

    /// <summary>Taken out of service.</summary>
    OutOfService = 7,
}

/// <summary>What asks an operator to act: groups anomalies of one train and subsystem.</summary>
/// <param name="Id">Derived from train, subsystem and the first anomaly's event time.</param>
/// <param name="Episode">What the detector knows: replaced as a whole by the next revision.</param>
/// <param name="Acknowledgement">Who said "seen", when, why; null until then.</param>
/// <param name="Delivery">The acknowledgement's way to the train; null until acknowledged.</param>
/// <param name="History">Everything that happened, oldest first.</param>
/// <param name="Revision">Optimistic concurrency: grows with every kept change; 0 = never kept.</param>
public sealed record Alert(
    string Id,
    TrainIdentity Train,
    string Subsystem,
    string SafetyClass,
    AlertEpisode Episode,
    Acknowledgement? Acknowledgement,
    Delivery? Delivery,
    IReadOnlyList<AlertAct> History,
    long Revision)
{
    /// <summary>State after ISA-18.2, derived from condition and acknowledgement.</summary>
    public AlertState State => (Episode.ClearedAt, Acknowledgement) switch
    {
        (null, null) => AlertState.Unacknowledged,
        (null, _) => AlertState.Acknowledged,
        (_, null) => AlertState.ReturnedUnacknowledged,
        _ => AlertState.Cleared,
    };

    /// <summary>Open: still asks somebody for something.</summary>
    public bool IsOpen => State != AlertState.Cleared;
}

/// <summary>The detector's side of an alert: a pure function of the train's messages. The one with the higher <paramref name="Number"/> holds.</summary>
/// <param name="Number">Counts the episode's changes from 1.</param>
/// <param name="RaisedAt">Train time of the first anomaly.</param>
/// <param name="LastAnomalyAt">Train time of the newest anomaly.</param>
/// <param name="ClearedAt">Train time at which it had been quiet long enough; null while it stands.</param>
/// <param name="Count">Anomalies so far.</param>
/// <param name="PeakGrade">Highest grade so far, 0–1.</param>
/// <param name="PeakScore">Highest score so far.</param>
/// <param name="Shares">Attribution of the anomaly that explains it best (the highest score).</param>
/// <param name="Late">True while every anomaly in it arrived late: raises no siren.</param>
/// <param name="ReceivedAt">Our time of the message that made this change.</param>
public sealed record AlertEpisode(
    long Number,
    DateTimeOffset RaisedAt,
    DateTimeOffset LastAnomalyAt,
    DateTimeOffset? ClearedAt,
    int Count,
    Severity Severity,
    double PeakGrade,
    double PeakScore,
    IReadOnlyList<SensorShare> Shares,
    string Explanation,
    bool Late,
    DateTimeOffset ReceivedAt);

/// <summary>Who said "seen, mine", when (our clock), and why.</summary>
public sealed record Acknowledgement(string By, DateTimeOffset At, string Note)
{
    /// <summary>The act's id in the audit: the delivery to the train goes on under it.</summary>
    public string? Correlation { get; init; }
}

/// <summary>One line of an alert's history.</summary>
/// <param name="Act">raise, escalate, clear, acknowledge, deliver, …</param>
public sealed record AlertAct(DateTimeOffset At, string By, string Act, string? Note);

/// <summary>How far an acknowledgement has come on its way to the train.</summary>
public enum DeliveryStage
{
    /// <summary>An operator clicked; kept in the outbox.</summary>
    Clicked = 0,

    /// <summary>The shadow service accepted it as desired.</summary>
    Desired = 1,

    /// <summary>The train was connected after that.</summary>
    Online = 2,

    /// <summary>The train itself reported it.</summary>
    Reported = 3,
}

/// <summary>The way of an acknowledgement to the train. "Reported" is only ever set from the train's own word.</summary>
/// <param name="DesiredVersion">Version of the shadow that carries it.</param>
/// <param name="TrainTime">The train's own time of taking it.</param>
/// <param name="Attempts">How often writing desired was tried.</param>
/// <param name="Problem">Why it is not further, in words, or null.</param>
public sealed record Delivery(
    DateTimeOffset ClickedAt,
    long? DesiredVersion,
    DateTimeOffset? DesiredAt,
    DateTimeOffset? OnlineAt,
    DateTimeOffset? ReportedAt,
    DateTimeOffset? TrainTime,
    int Attempts,
    string? Problem)
{
    /// <summary>The furthest stage reached.</summary>
    public DeliveryStage Stage =>
        ReportedAt is not null ? DeliveryStage.Reported
        : OnlineAt is not null ? DeliveryStage.Online
        : DesiredAt is not null ? DeliveryStage.Desired
        : DeliveryStage.Clicked;
}
