namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>bar: 5 while released, lower while braking or held at a stand.</summary>
internal sealed class BrakePipePressure(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double Released = 5.0;
    private const double LagSeconds = 4;

    public override void Feel(in Drive drive, double seconds)
    {
        var applied = drive.Braking ? 0.2 - (1.2 * drive.Acceleration) : drive.Standing ? 0.7 : 0;
        Follow(Released + (0.03 * Own(1)) - applied, LagSeconds, seconds);
    }

    protected override double Noise(in Drive drive) => 0.02;
}

/// <summary>bar: what presses on the blocks; more on a heavy train.</summary>
internal sealed class BrakeCylinderPressure(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 3.5;

    public override void Feel(in Drive drive, double seconds)
    {
        var applied = drive.Braking ? (0.3 - (3.2 * drive.Acceleration)) * (0.5 + (0.5 * drive.Load)) : drive.Standing ? 1.6 : 0;
        Follow(0.06 + (0.03 * Own(1)) + applied, LagSeconds, seconds);
    }

    protected override double Noise(in Drive drive) => 0.012;
}
