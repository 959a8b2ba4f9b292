using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Style;

/// <summary>One row of the style page.</summary>
internal sealed record AlertSample(Alert Alert, TrainView? Train, bool IsCurrent = true, bool MayAcknowledge = true, bool IsSelected = false);

/// <summary>Alerts in every state, invented.</summary>
internal static class StyleSamples
{
    /// <summary>The page's present: never changes, so that two pictures of it can be compared.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 21, 20, 58, 1, TimeSpan.Zero);

    private static readonly TrainIdentity Identity = new("390-042", "Longsight", "WCML", "390");
    private static readonly Acknowledgement Seen = new("Operator One", Now.AddSeconds(-40), "Driver told, slow to 60 and stop at Crewe for a look at the box");
    private static readonly AlertAct Raised = new(Now.AddMinutes(-2), "detector", "raise", null);

    public static IReadOnlyList<AlertSample> Alerts { get; } =
    [
        new(Alert("1", Severity.Critical), Train(Connectivity.Online)),
        new(Alert("2", Severity.Warning), Train(Connectivity.Stale), IsSelected: true),
        new(Alert("3", Severity.Watch), Train(Connectivity.Offline)),
        new(Alert("4", Severity.Critical, late: true), null),
        new(Alert("5", Severity.Critical, seen: true, delivery: 1), Train(Connectivity.Online)),
        new(Alert("6", Severity.Critical, seen: true, delivery: 2), Train(Connectivity.Offline)),
        new(Alert("7", Severity.Warning, seen: true, delivery: 3), Train(Connectivity.Online)),
        new(Alert("8", Severity.Warning, seen: true, delivery: 4), Train(Connectivity.Online)),
        new(Alert("9", Severity.Warning, gone: true), Train(Connectivity.Online)),
        new(Alert("10", Severity.Watch, seen: true, gone: true, delivery: 4), Train(Connectivity.Online)),
        new(Alert("11", Severity.Critical), Train(Connectivity.Online), IsCurrent: false),
        new(Alert("12", Severity.Critical), Train(Connectivity.Online), MayAcknowledge: false),
        new(Alert("13", Severity.Warning, explanation: string.Join(' ', Enumerable.Repeat("a very long explanation that has to be broken over several lines", 6))), Train(Connectivity.Unknown)),
    ];

    public static IReadOnlyList<Alert> Chosen => [Alerts[0].Alert, Alerts[1].Alert];

    private static Alert Alert(string id, Severity severity, bool seen = false, bool gone = false, int delivery = 0, bool late = false, string? explanation = null) =>
        new(id, Identity, "axleBox", "A", Episode(severity, gone, late, explanation), seen ? Seen : null, delivery == 0 ? null : Delivery(delivery), seen ? [Raised, new(Seen.At, Seen.By, "acknowledge", Seen.Note)] : [Raised], 1);

    private static AlertEpisode Episode(Severity severity, bool gone, bool late, string? explanation) => new(
        1, Now.AddMinutes(-2), Now.AddSeconds(-4), gone ? Now.AddSeconds(-2) : null, 4, severity, 0.93, 3.1,
        [new SensorShare("axleBoxTemperature.car3.axle2.right", 0.71, Direction.High, 78.2, 61, "°C"), new SensorShare("bogieVibration.car3.bogie1", 0.12, Direction.Low, 0.1, double.NaN, "g RMS")],
        explanation ?? "Axle box 3-2 right 78 °C, expected 61; 71 % of the score", late, Now.AddMinutes(-2));

    private static Delivery Delivery(int stages) => new(
        Now.AddSeconds(-40),
        stages > 1 ? 7 : null,
        stages > 1 ? Now.AddSeconds(-39) : null,
        stages > 2 ? Now.AddSeconds(-20) : null,
        stages > 3 ? Now.AddSeconds(-12) : null,
        stages > 3 ? Now.AddSeconds(-13) : null,
        1,
        null);

    private static TrainView Train(Connectivity connectivity) => new(
        new TrainState(new Train(Identity, "390 042", TimeSpan.FromSeconds(1), true), 1, null, new Dictionary<string, LatestReading>(), Now.AddSeconds(-30), Now.AddSeconds(-30), null, connectivity == Connectivity.Offline ? Now.AddMinutes(-1) : null, null, 0),
        connectivity,
        Severity.Critical);
}
