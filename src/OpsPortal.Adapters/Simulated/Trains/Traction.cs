namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>What the drive asks of the motors.</summary>
internal static class Traction
{
    private const double Gravity = 9.81;

    /// <summary>A: drawn while accelerating, uphill and against the air; given back while braking.</summary>
    public static double Amperes(in Drive drive)
    {
        if (drive.Standing)
        {
            return Math.Max(0, drive.Acceleration) * 620 * drive.Load;
        }

        var effort = drive.Acceleration + (Gravity * drive.Gradient / 1000);
        return drive.Braking
            ? Math.Min(0, effort) * 0.5 * drive.SpeedKmh * drive.Load
            : Math.Max(0, (effort * (620 + (3.2 * drive.SpeedKmh)) * drive.Load) + 12 + (0.0034 * drive.SpeedKmh * drive.SpeedKmh));
    }
}

/// <summary>A: one power car's part.</summary>
internal sealed class TractionCurrent(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 3;

    public override void Feel(in Drive drive, double seconds) => Follow(Traction.Amperes(drive) * (1 + (0.04 * Own(1))), LagSeconds, seconds);

    protected override double Noise(in Drive drive) => 3 + (0.02 * Math.Abs(Value));
}

/// <summary>°C: a motor warms with the current it carries, either way, and cools for many minutes.</summary>
internal sealed class TractionMotorTemperature(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 600;

    public override void Feel(in Drive drive, double seconds) =>
        Follow(drive.Ambient + 28 + (3 * Own(1)) + ((0.22 + (0.01 * Own(2))) * Math.Abs(Traction.Amperes(drive))), LagSeconds, seconds);

    protected override double Noise(in Drive drive) => 0.4;
}

/// <summary>kV: 25 in the wire, less the further from the feeder and the more is drawn.</summary>
internal sealed class LineVoltage(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 1;
    private const double FeederEveryKm = 45;

    public override void Feel(in Drive drive, double seconds)
    {
        var fromFeeder = 0.5 - (0.5 * Math.Cos(2 * Math.PI * drive.Km / FeederEveryKm));
        Follow(26.1 + (0.15 * Own(1)) - (0.5 * fromFeeder) - (0.0022 * Traction.Amperes(drive)), LagSeconds, seconds);
    }

    protected override double Noise(in Drive drive) => 0.06;
}
