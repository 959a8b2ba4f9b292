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

    /// <summary>What all faults together add to a sensor's reading.</summary>
    public static double Sum(SensorFault[] faults, string sensor, in Drive drive)
    {
        var sum = 0.0;
        foreach (var fault in faults)
        {
            sum += fault.At(sensor, drive);
        }

        return sum;
    }

    private double At(string sensor, in Drive drive)
    {
        if (drive.Second < _start || drive.Second >= _end || !string.Equals(sensor, planted.Sensor, StringComparison.Ordinal))
        {
            return 0;
        }

        var ramp = Math.Min(1, Math.Min(drive.Second - _start + 1, _end - drive.Second) / kind.RampSeconds);
        return ramp * kind.Effect(strength, drive);
    }
}
