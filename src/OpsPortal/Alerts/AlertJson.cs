using OpsPortal.Api;
using OpsPortal.Core.Alerts;
using OpsPortal.Detection;

namespace OpsPortal.Alerts;

/// <summary>An alert as browsers and scripts see it.</summary>
internal sealed record AlertJson(
    string Id,
    string TrainId,
    string Subsystem,
    Severity Severity,
    string SafetyClass,
    AlertState State,
    DateTimeOffset RaisedAt,
    DateTimeOffset LastAnomalyAt,
    DateTimeOffset? ClearedAt,
    DateTimeOffset ReceivedAt,
    int Count,
    bool Late,
    double? PeakGrade,
    string Explanation,
    IReadOnlyList<ShareJson> Shares,
    Acknowledgement? Acknowledgement,
    DeliveryJson? Delivery,
    IReadOnlyList<AlertAct> History,
    long Revision)
{
    public static AlertJson Of(Alert alert) => new(
        alert.Id,
        alert.Train.Id,
        alert.Subsystem,
        alert.Episode.Severity,
        alert.SafetyClass,
        alert.State,
        alert.Episode.RaisedAt,
        alert.Episode.LastAnomalyAt,
        alert.Episode.ClearedAt,
        alert.Episode.ReceivedAt,
        alert.Episode.Count,
        alert.Episode.Late,
        WireJson.Finite(alert.Episode.PeakGrade),
        alert.Episode.Explanation,
        ShareJson.Of(alert.Episode.Shares),
        alert.Acknowledgement,
        DeliveryJson.Of(alert.Delivery),
        alert.History,
        alert.Revision);
}

/// <summary>How far an acknowledgement has come on its way to the train, with the time of each stage.</summary>
internal sealed record DeliveryJson(
    DeliveryStage Stage,
    DateTimeOffset ClickedAt,
    long? DesiredVersion,
    DateTimeOffset? DesiredAt,
    DateTimeOffset? OnlineAt,
    DateTimeOffset? ReportedAt,
    DateTimeOffset? TrainTime,
    string? Problem)
{
    public static DeliveryJson? Of(Delivery? delivery) =>
        delivery is null
            ? null
            : new(delivery.Stage, delivery.ClickedAt, delivery.DesiredVersion, delivery.DesiredAt, delivery.OnlineAt, delivery.ReportedAt, delivery.TrainTime, delivery.Problem);
}
