using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Tests.Alerts;

/// <summary>Alerts and trains as the feed brings them, for the components' tests.</summary>
internal static class AlertSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 58, 1, TimeSpan.Zero);

    public static readonly TrainIdentity Identity = new("390-042", "Longsight", "WCML", "390");

    public static Alert Alert(
        string id = "alert-1",
        Severity severity = Severity.Critical,
        string explanation = "Axle box 3-2 right 78 °C, expected 61; 71 % of the score",
        DateTimeOffset? clearedAt = null,
        Acknowledgement? acknowledgement = null,
        Delivery? delivery = null,
        long revision = 1) =>
        new(
            id,
            Identity,
            "axleBox",
            "A",
            new AlertEpisode(
                1,
                Now.AddMinutes(-2),
                Now.AddSeconds(-4),
                clearedAt,
                4,
                severity,
                0.93,
                3.1,
                [new SensorShare("axleBoxTemperature.car3.axle2.right", 0.71, Direction.High, 78.2, 61, "°C"), new SensorShare("bogieVibration.car3.bogie1", 0.12, Direction.Low, 0.1, double.NaN, "g RMS")],
                explanation,
                false,
                Now.AddMinutes(-2)),
            acknowledgement,
            delivery,
            [new AlertAct(Now.AddMinutes(-2), "detector", "raise", explanation)],
            revision);

    public static Delivery Delivery(int stages, string? problem = null, int attempts = 1) => new(
        Now.AddSeconds(-10),
        stages > 1 ? 7 : null,
        stages > 1 ? Now.AddSeconds(-9) : null,
        stages > 2 ? Now.AddSeconds(-5) : null,
        stages > 3 ? Now.AddSeconds(-3) : null,
        stages > 3 ? Now.AddSeconds(-4) : null,
        attempts,
        problem);

    public static TrainView Train(Connectivity connectivity = Connectivity.Online, DateTimeOffset? disconnectedSince = null) => new(
        new TrainState(
            new Train(Identity, "390 042", TimeSpan.FromSeconds(1), true),
            88_123,
            null,
            new Dictionary<string, LatestReading>(),
            Now.AddSeconds(-30),
            Now.AddSeconds(-30),
            null,
            disconnectedSince,
            null,
            0),
        connectivity,
        Severity.Critical);

    public static FeedFrame Frame(bool isSnapshot, IReadOnlyList<Alert> alerts, string? problem = null) =>
        new(1, isSnapshot, Now, new StoreHealth(Now, problem), [Train()], alerts, []);
}
