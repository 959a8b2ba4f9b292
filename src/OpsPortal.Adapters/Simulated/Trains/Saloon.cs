namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>A: air conditioning, a slow swing about what the weather and the passengers ask for.</summary>
internal sealed class HvacCurrent(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    public override void Feel(in Drive drive, double seconds)
    {
        var swing = 2.5 * Math.Sin(drive.Second * 2 * Math.PI / (170 + (20 * Own(2))));
        Value = 18 + (2 * Own(1)) + (0.6 * Math.Abs(drive.Ambient - 18)) + (5 * drive.Load) + swing;
    }

    protected override double Noise(in Drive drive) => 0.4;
}

/// <summary>°C: kept near 21, less well in heat, frost and crowds.</summary>
internal sealed class SaloonTemperature(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 400;

    public override void Feel(in Drive drive, double seconds)
    {
        // At a stand the doors let some weather in.
        var outside = drive.Standing ? 0.12 : 0.06;
        Follow(21 + (0.5 * Own(1)) + (outside * (drive.Ambient - 14)) + (1.5 * (drive.Load - 1)), LagSeconds, seconds);
    }

    protected override double Noise(in Drive drive) => 0.08;
}

/// <summary>s: how long the doors took at the last stop; the same until they move again.</summary>
internal sealed class DoorCycleTime : SensorModel
{
    private readonly ulong _cycles;

    public DoorCycleTime(string id, ulong trainKey)
        : base(id, trainKey) => _cycles = Chance.Key(trainKey, $"{id} cycles");

    // Grease stiffens in the cold.
    public override void Feel(in Drive drive, double seconds) =>
        Value = 3.4 + (0.15 * Own(1)) + (0.008 * (15 - drive.Ambient)) + (0.06 * Chance.Normal(_cycles, (ulong)drive.Doors.Number));

    protected override double Noise(in Drive drive) => 0;
}
