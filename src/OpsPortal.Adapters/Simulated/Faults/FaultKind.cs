using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>A kind of fault: which sensors show it, and what it adds to their readings.</summary>
/// <param name="Weakest">Least strength, in the unit that <paramref name="Effect"/> takes.</param>
/// <param name="RampSeconds">How long it takes to come, and to go again before its end.</param>
/// <param name="Effect">What a strength adds to a reading, given the drive.</param>
internal sealed record FaultKind(string Name, string SensorKind, double Weakest, double Strongest, double RampSeconds, Func<double, Drive, double> Effect)
{
    /// <summary>All kinds. Strengths are chosen so that each leaves the sensor's ordinary range within half a minute.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        // °C on top of what speed and weather give.
        new("hotAxleBox", "axleBoxTemperature", 28, 40, 25, (strength, _) => strength),

        // bar below what braking asks for: even released it stays far under what braking gives.
        new("brakePipeLeak", "brakePipePressure", 3.0, 3.7, 8, (strength, _) => -strength),

        // g RMS at 100 km/h: a flat beats once a turn, so it is silent at a stand.
        new("wheelFlat", "bogieVibration", 2.0, 2.8, 4, (strength, drive) => strength * Math.Min(2, drive.SpeedKmh / 100)),
    ];

    /// <summary>Whether only a moving train shows it.</summary>
    public bool NeedsMotion => SensorKind == "bogieVibration";
}
