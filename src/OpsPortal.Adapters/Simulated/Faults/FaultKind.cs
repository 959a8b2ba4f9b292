using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>What a fault makes of a reading; NaN = nothing is said.</summary>
/// <param name="strength">As much of it as is there by now.</param>
internal delegate double FaultEffect(double reading, double strength, in Drive drive);

/// <summary>When a fault can be seen.</summary>
internal enum Seen
{
    Always = 0,

    /// <summary>While the train moves.</summary>
    Moving = 1,

    /// <summary>When the train gains or loses speed.</summary>
    ChangingSpeed = 2,

    /// <summary>From the doors' next closing on.</summary>
    AtDoors = 3,
}

/// <summary>A kind of fault: which sensors show it, and what it makes of their readings.</summary>
/// <param name="SensorKinds">One sensor of one of these shows it; empty: of any.</param>
/// <param name="Weakest">Least strength, in the unit that <paramref name="Effect"/> takes.</param>
/// <param name="RampSeconds">How long it takes to come, and to go again before its end.</param>
/// <param name="WatchedSeconds">
/// How long a detector must have watched a train of this fleet to tell within a minute, measured at all times of the day; null: it does not tell.
/// </param>
internal sealed record FaultKind(
    string Name, IReadOnlyList<string> SensorKinds, double Weakest, double Strongest, double RampSeconds, int? WatchedSeconds, Seen Seen, FaultEffect Effect)
{
    /// <summary>Its strength is the value it is stuck at: what it read when it started.</summary>
    public const string Stuck = "stuckSensor";

    /// <summary>All kinds. Strengths are chosen so that each leaves the sensor's ordinary range.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        // °C on top of what speed, load and weather give.
        new("hotAxleBox", ["axleBoxTemperature"], 28, 40, 25, 0, Seen.Always, (reading, strength, in _) => reading + strength),

        // g RMS at 100 km/h: a flat beats once a turn, so it is silent at a stand.
        new("wheelFlat", ["bogieVibration"], 2.0, 2.8, 4, 0, Seen.Moving, (reading, strength, in drive) => reading + (strength * Math.Min(2, drive.SpeedKmh / 100))),

        // bar below what braking asks for: even released it stays far under what braking gives.
        new("brakePipeLeak", ["brakePipePressure"], 3.0, 3.7, 8, 0, Seen.Always, (reading, strength, in _) => reading - strength),

        // A drawn by a compressor that no longer rests, and labours.
        new("compressorOverrun", ["compressorCurrent"], 65, 85, 6, 900, Seen.Always, (reading, strength, in _) => Math.Max(reading, strength)),

        // °C, slowly.
        new("oilTemperatureCreep", ["oilTemperature"], 38, 50, 75, 900, Seen.Always, (reading, strength, in _) => reading + strength),

        // N missing: the pan hardly touches the wire.
        new("pantographForceLoss", ["pantographForce"], 50, 65, 5, 900, Seen.Always, (reading, strength, in _) => Math.Max(0, reading - strength)),

        // s more for each opening and closing.
        new("slowDoor", ["doorCycleTime"], 3.0, 5.0, 0, 3000, Seen.AtDoors, (reading, strength, in _) => reading + strength),

        // A more than weather and passengers ask for.
        new("hvacOverload", ["hvacCurrent"], 22, 34, 8, 0, Seen.Always, (reading, strength, in _) => reading + strength),

        // Sensors that are never still in life.
        new(Stuck, ["bogieVibration", "tractionCurrent", "mainReservoirPressure", "pantographForce"], 0, 0, 0, null, Seen.ChangingSpeed, (_, strength, in _) => strength),

        // 1 = every message is without it.
        new("sensorDropOut", [], 1, 1, 0, null, Seen.Always, (_, _, in _) => double.NaN),
    ];

    /// <summary>Whether a sensor can show it.</summary>
    public bool ShowsOn(SensorModel sensor) => SensorKinds.Count == 0 || SensorKinds.Contains(sensor.Kind);
}
