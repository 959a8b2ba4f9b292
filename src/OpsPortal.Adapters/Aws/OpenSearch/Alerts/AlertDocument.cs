using OpsPortal.Core.Alerts;

namespace OpsPortal.Adapters.Aws.OpenSearch.Alerts;

/// <summary>An alert as kept, with what it is searched by beside it.</summary>
/// <param name="UndeliveredTicks">Since when it waits to be reported by its train; null when it does not.</param>
/// <param name="Write">Of this one write alone: tells whose it was when an answer was lost.</param>
internal sealed record AlertDocument(
    string Id,
    string Train,
    string Depot,
    string Line,
    string Class,
    string Subsystem,
    string State,
    int Severity,
    DateTimeOffset RaisedAt,
    long RaisedTicks,
    long? UndeliveredTicks,
    long Revision,
    string Write,
    DateTimeOffset KeptAt,
    Alert Body)
{
    public static AlertDocument Of(Alert alert, string write, DateTimeOffset keptAt) => new(
        alert.Id,
        alert.Train.Id,
        alert.Train.Depot,
        alert.Train.Line,
        alert.Train.Class,
        alert.Subsystem,
        alert.State.ToString(),
        (int)alert.Episode.Severity,
        alert.Episode.RaisedAt,
        alert.Episode.RaisedAt.UtcTicks,
        UndeliveredSince(alert)?.UtcTicks,
        alert.Revision,
        write,
        keptAt,
        alert);

    private static DateTimeOffset? UndeliveredSince(Alert alert) => alert switch
    {
        { Delivery.ReportedAt: not null } => null,
        { Delivery: { } delivery } => delivery.ClickedAt,
        _ => alert.Acknowledgement?.At,
    };
}
