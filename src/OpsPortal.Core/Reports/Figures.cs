using OpsPortal.Core.Alerts;

namespace OpsPortal.Core.Reports;

/// <summary>
/// Every figure of the product with its one definition: its words and how it is computed, live and in reports alike. A figure of an empty
/// period is null: neither 0 nor 100 %. Counts of an empty period are 0: none were raised. Of a period of which nothing is known, all are null.
/// </summary>
public static class Figures
{
    /// <summary>Share of the expected train-minutes that came.</summary>
    public static Figure Availability { get; } = new(
        "availability", "Data received",
        "Of all minutes in which each train was expected to send, the share in which at least one reading came. A train is expected in every minute since its first reading known here, also while it stands switched off; one never heard, since the first of any.",
        FigureUnit.Percent, FigureRounding.TenthDown);

    /// <summary>Share of the received train-minutes that came in time.</summary>
    public static Figure Punctuality { get; } = new(
        "punctuality", "Data in time",
        "Of all train-minutes that came, the share of which no part came late. Late is what arrives longer after it was measured than the detector allows (60 s unless configured otherwise), as after a tunnel.",
        FigureUnit.Percent, FigureRounding.TenthDown);

    /// <summary>Share of the received train-minutes that came late.</summary>
    public static Figure LateShare { get; } = new("lateShare", "Data late", "Of all train-minutes that came, the share of which some part came late.", FigureUnit.Percent, FigureRounding.TenthUp);

    /// <summary>Train-minutes expected.</summary>
    public static Figure ExpectedMinutes { get; } = new("expectedMinutes", "Train-minutes expected", "Minutes of the period, summed over the trains expected in them. The last minutes are left out: they may still come.", FigureUnit.Count);

    /// <summary>Train-minutes with readings.</summary>
    public static Figure ReceivedMinutes { get; } = new("receivedMinutes", "Train-minutes received", "Of them, those with at least one reading, whenever it arrived.", FigureUnit.Count);

    /// <summary>Train-minutes without readings.</summary>
    public static Figure MissingMinutes { get; } = new("missingMinutes", "Train-minutes missing", "Expected less received: what may still arrive later is missing until then.", FigureUnit.Count);

    /// <summary>Train-minutes with late readings.</summary>
    public static Figure LateMinutes { get; } = new("lateMinutes", "Train-minutes late", "Received train-minutes of which some part came late.", FigureUnit.Count);

    /// <summary>Trains of which data was expected.</summary>
    public static Figure TrainsExpected { get; } = new("trainsExpected", "Trains expected", "Trains known here that were expected to send in the period, by the line and class they have now.", FigureUnit.Count);

    /// <summary>Expected trains without any reading.</summary>
    public static Figure TrainsSilent { get; } = new("trainsSilent", "Trains not heard", "Of them, trains of which not one reading came in the period.", FigureUnit.Count);

    /// <summary>Alerts raised.</summary>
    public static Figure AlertsRaised { get; } = new("alertsRaised", "Alerts raised", "Alerts whose first anomaly was measured in the period, by the train's clock.", FigureUnit.Count);

    /// <summary>Alerts raised, the critical ones.</summary>
    public static Figure CriticalRaised { get; } = new("criticalRaised", "Critical", "Of them, those that are critical now or were when they cleared.", FigureUnit.Count);

    /// <summary>Alerts raised, the warnings.</summary>
    public static Figure WarningRaised { get; } = new("warningRaised", "Warning", "Of them, those that are warnings.", FigureUnit.Count);

    /// <summary>Alerts raised, those worth a look.</summary>
    public static Figure WatchRaised { get; } = new("watchRaised", "Watch", "Of them, those that are worth a look.", FigureUnit.Count);

    /// <summary>Alerts that still ask for something.</summary>
    public static Figure OpenAlerts { get; } = new("openAlerts", "Open alerts", "Alerts that still ask for something: the condition stands, or nobody has acknowledged it yet.", FigureUnit.Count);

    /// <summary>Alerts that nobody has acknowledged.</summary>
    public static Figure NotAcknowledged { get; } = new("notAcknowledged", "Not acknowledged", "Alerts raised in the period that nobody has acknowledged until now, whether the condition stands or is gone.", FigureUnit.Count);

    /// <summary>Half were acknowledged within.</summary>
    public static Figure TimeToAcknowledge { get; } = new(
        "timeToAcknowledge", "Time to acknowledge, median",
        "Half of the acknowledged alerts raised in the period were acknowledged within this time: from the first anomaly by the train's clock to the operator's click by ours. What arrived late has its way in it; a train's clock that runs ahead counts as 0. Those not acknowledged are not in it.",
        FigureUnit.Seconds);

    /// <summary>Nine of ten were acknowledged within.</summary>
    public static Figure TimeToAcknowledge90 { get; } = new("timeToAcknowledge90", "Time to acknowledge, 9 of 10", "Nine of ten of the acknowledged alerts were acknowledged within this time.", FigureUnit.Seconds);

    /// <summary>Alerts whose condition stands.</summary>
    public static Figure NotCleared { get; } = new("notCleared", "Not cleared", "Alerts raised in the period whose condition has not cleared until now.", FigureUnit.Count);

    /// <summary>Half cleared within.</summary>
    public static Figure TimeToClear { get; } = new(
        "timeToClear", "Time to clear, median",
        "Half of the cleared alerts raised in the period cleared within this time: from the first anomaly until the train had been quiet long enough, both by its own clock. Those not cleared are not in it.", FigureUnit.Seconds);

    /// <summary>Nine of ten cleared within.</summary>
    public static Figure TimeToClear90 { get; } = new("timeToClear90", "Time to clear, 9 of 10", "Nine of ten of the cleared alerts cleared within this time.", FigureUnit.Seconds);

    /// <summary>Trains with alerts.</summary>
    public static Figure TrainsWithAlerts { get; } = new("trainsWithAlerts", "Trains with alerts", "Trains for which at least one alert was raised in the period.", FigureUnit.Count);

    /// <summary>Alerts of the period before.</summary>
    public static Figure RaisedBefore { get; } = new("raisedBefore", "Before", "Alerts raised in the period of the same length just before. None where it reaches back further than anything is known.", FigureUnit.Count);

    /// <summary>Alerts more than before.</summary>
    public static Figure Change { get; } = new("change", "Change", "Alerts raised, less those of the period before.", FigureUnit.Count);

    /// <summary>All figures, by what programs call them.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        Availability, Punctuality, LateShare, ExpectedMinutes, ReceivedMinutes, MissingMinutes, LateMinutes, TrainsExpected, TrainsSilent, AlertsRaised, CriticalRaised, WarningRaised, WatchRaised,
        OpenAlerts, NotAcknowledged, TimeToAcknowledge, TimeToAcknowledge90, NotCleared, TimeToClear, TimeToClear90, TrainsWithAlerts, RaisedBefore, Change,
    ];

    /// <summary>The figure of alerts raised with this severity.</summary>
    public static Figure Raised(Severity severity) => severity switch { Severity.Critical => CriticalRaised, Severity.Warning => WarningRaised, _ => WatchRaised };

    /// <summary>A part of a whole in percent; null where there is no whole.</summary>
    public static double? Share(long part, long whole) => whole == 0 ? null : 100.0 * part / whole;

    /// <summary>How many are raised with this severity.</summary>
    public static int CountRaised(IEnumerable<AlertFact> alerts, Severity severity) => alerts.Count(alert => alert.Severity == severity);

    /// <summary>How many are open; of one severity, or of all where it is null.</summary>
    public static int CountOpen(IEnumerable<AlertFact> alerts, Severity? severity = null) => alerts.Count(alert => alert.IsOpen && (severity is null || alert.Severity == severity));

    /// <summary>How many nobody has acknowledged.</summary>
    public static int CountNotAcknowledged(IEnumerable<AlertFact> alerts) => alerts.Count(alert => alert.AcknowledgedAt is null);

    /// <summary>How many have not cleared.</summary>
    public static int CountNotCleared(IEnumerable<AlertFact> alerts) => alerts.Count(alert => alert.ClearedAt is null);

    /// <summary>How many trains they are of.</summary>
    public static int CountTrains(IEnumerable<AlertFact> alerts) => alerts.Select(alert => alert.TrainId).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Within how many seconds this share of the acknowledged ones was acknowledged; null where none was.</summary>
    public static double? SecondsToAcknowledge(IEnumerable<AlertFact> alerts, double share) => Within(alerts.Select(alert => alert.AcknowledgedAt - alert.RaisedAt), share);

    /// <summary>Within how many seconds this share of the cleared ones cleared; null where none did.</summary>
    public static double? SecondsToClear(IEnumerable<AlertFact> alerts, double share) => Within(alerts.Select(alert => alert.ClearedAt - alert.RaisedAt), share);

    // The nearest rank: a time that some alert really took, and that anybody can find again by counting.
    private static double? Within(IEnumerable<TimeSpan?> times, double share)
    {
        var sorted = times.OfType<TimeSpan>().Select(time => Math.Max(0, time.TotalSeconds)).Order().ToList();
        return sorted.Count == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count - 1e-9) - 1)];
    }
}
