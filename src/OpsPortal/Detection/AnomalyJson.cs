using OpsPortal.Api;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Telemetry;
using OpsPortal.Fleet;

namespace OpsPortal.Detection;

/// <summary>An anomaly as browsers and scripts see it.</summary>
internal sealed record AnomalyJson(
    string Id,
    string TrainId,
    string Subsystem,
    DateTimeOffset MeasuredAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? KeptAt,
    bool Late,
    double? Grade,
    double? Score,
    IReadOnlyList<ShareJson> Shares,
    PositionJson? Position)
{
    public static AnomalyJson Of(Anomaly anomaly) => new(
        anomaly.Id,
        anomaly.Train.Id,
        anomaly.Subsystem,
        anomaly.MeasuredAt,
        anomaly.ReceivedAt,
        anomaly.KeptAt,
        anomaly.Late,
        WireJson.Finite(anomaly.Grade),
        WireJson.Finite(anomaly.Score),
        ShareJson.Of(anomaly.Shares),
        PositionJson.Of(anomaly.Position));
}

/// <summary>One sensor's part in an anomaly.</summary>
/// <param name="Expected">Null when unknown.</param>
internal sealed record ShareJson(string Sensor, string Words, double? Share, Direction Direction, double? Observed, double? Expected, string Unit)
{
    public static IReadOnlyList<ShareJson> Of(IReadOnlyList<SensorShare> shares) =>
        [.. shares.Select(share => new ShareJson(share.Sensor, SensorCatalogue.Describe(share.Sensor).Words, WireJson.Finite(share.Share), share.Direction, WireJson.Finite(share.Observed), WireJson.Finite(share.Expected), share.Unit))];
}
