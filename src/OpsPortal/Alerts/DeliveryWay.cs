using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Layout;

namespace OpsPortal.Alerts;

/// <summary>One of the five stages of an acknowledgement on its way to the train.</summary>
/// <param name="At">When it was reached, or null.</param>
public sealed record DeliveryStep(string Name, string Label, DateTimeOffset? At);

/// <summary>The way of an acknowledgement to the train, as it is shown.</summary>
internal static class DeliveryWay
{
    /// <summary>The five stages, in order.</summary>
    public static IReadOnlyList<DeliveryStep> Steps(Delivery delivery) =>
    [
        new("clicked", "clicked", delivery.ClickedAt),
        new("desired", delivery.DesiredVersion is { } version ? $"desired v{version}" : "desired", delivery.DesiredAt),
        new("online", "train online", delivery.OnlineAt),
        new("reported", "reported", delivery.ReportedAt),
        new("train-time", "train’s own time", delivery.TrainTime),
    ];

    /// <summary>What is being waited for, in words; null when the train has confirmed.</summary>
    public static string? Waiting(Delivery delivery, TrainView? train, DateTimeOffset now, OperatorZone zone) => delivery.Stage switch
    {
        DeliveryStage.Reported => null,
        DeliveryStage.Online => delivery.Problem ?? "waiting for the train’s own word",
        DeliveryStage.Desired => delivery.Problem ?? WaitingForTrain(train, now, zone),
        _ => delivery.Problem ?? (delivery.Attempts > 1 ? $"waiting: the train’s shadow has not taken it yet, try {delivery.Attempts}" : "waiting for the train’s shadow to take it"),
    };

    private static string WaitingForTrain(TrainView? train, DateTimeOffset now, OperatorZone zone) => train switch
    {
        { Connectivity: Connectivity.Offline, State.DisconnectedSince: { } since } => $"waiting: train offline since {zone.At(since, now)}, in a tunnel or out of reach",
        { Connectivity: Connectivity.Offline } => "waiting: train offline, in a tunnel or out of reach",
        { Connectivity: Connectivity.Stale, State.ReceivedAt: { } heard } => $"waiting: nothing heard from the train since {zone.At(heard, now)}",
        { Connectivity: Connectivity.Online } => "waiting: the train is online and has not fetched it yet",
        _ => "waiting: whether the train is online is unknown",
    };
}
