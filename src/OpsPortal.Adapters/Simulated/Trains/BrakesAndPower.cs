namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>bar: 5 while released, lower while braking or held at a stand.</summary>
internal sealed class BrakePipePressure(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double Released = 5.0;
    private const double LagSeconds = 4;

    public override void Feel(in Drive drive, double seconds)
    {
        var applied = drive.Acceleration < -0.05 ? 0.2 - (1.2 * drive.Acceleration) : drive.Standing ? 0.7 : 0;
        Follow(Released + (0.03 * Own(1)) - applied, LagSeconds, seconds);
    }

    protected override double Noise(in Drive drive) => 0.02;
}

/// <summary>A: drawn while accelerating and against the air, given back while braking.</summary>
internal sealed class TractionCurrent(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 3;

    public override void Feel(in Drive drive, double seconds)
    {
        var ahead = Math.Max(0, drive.Acceleration) * (620 + (3.2 * drive.SpeedKmh));
        var back = Math.Min(0, drive.Acceleration) * 0.5 * drive.SpeedKmh;
        var air = drive.Acceleration < -0.05 || drive.Standing ? 0 : 12 + (0.0034 * drive.SpeedKmh * drive.SpeedKmh);
        Follow((ahead + back + air) * (1 + (0.04 * Own(1))), LagSeconds, seconds);
    }

    protected override double Noise(in Drive drive) => 3 + (0.02 * Math.Abs(Value));
}

/// <summary>A: air conditioning, a slow swing about what the weather asks for.</summary>
internal sealed class HvacCurrent(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    public override void Feel(in Drive drive, double seconds) =>
        Value = 24 + (2 * Own(1)) + (0.5 * Math.Abs(drive.Ambient - 20)) + (2.5 * Math.Sin(drive.Second * 2 * Math.PI / (170 + (20 * Own(2)))));

    protected override double Noise(in Drive drive) => 0.4;
}
