using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>A fault as its one sensor feels it: a pure function of the train's time.</summary>
internal sealed class SensorFault(PlantedFault planted, FaultKind kind, double strength, int seed)
{
    private readonly long _start = planted.Start.ToUnixTimeSeconds();
    private readonly long _end = planted.End.ToUnixTimeSeconds();

    public PlantedFault Planted => planted;

    public double Strength => strength;

    public int Seed => seed;

    public bool IsOver(long second) => second >= _end;

    /// <summary>What the fault makes of a sensor's reading.</summary>
    public double Change(string sensor, double reading, in Drive drive)
    {
        // What doors report is from their last closing.
        var felt = kind.Seen == Seen.AtDoors ? drive.Doors.Second : drive.Second;
        if (felt < _start || felt >= _end || !string.Equals(sensor, planted.Sensor, StringComparison.Ordinal))
        {
            return reading;
        }

        var ramp = kind.RampSeconds == 0 ? 1 : Math.Min(1, Math.Min(felt - _start + 1, _end - felt) / kind.RampSeconds);
        return kind.Effect(reading, ramp * strength, drive);
    }
}
