namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>°C: bearings warm with speed and load, and take minutes to follow.</summary>
internal sealed class AxleBoxTemperature(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 480;

    public override void Feel(in Drive drive, double seconds) =>
        Follow(drive.Ambient + 9 + (2 * Own(1)) + (drive.SpeedKmh * (0.15 + (0.015 * Own(2))) * (0.4 + (0.6 * drive.Load))), LagSeconds, seconds);

    protected override double Noise(in Drive drive) => 0.25;
}

/// <summary>g RMS: grows with speed, and a little with the state of the track.</summary>
internal sealed class BogieVibration(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    public override void Feel(in Drive drive, double seconds)
    {
        var track = 1 + (0.12 * Math.Sin(drive.Km * 0.9)) + (0.05 * Math.Sin(drive.Km * 7.3));
        Value = 0.03 + ((0.25 + (0.02 * Own(1))) * Math.Pow(drive.SpeedKmh / 100, 1.3) * track);
    }

    protected override double Noise(in Drive drive) => 0.004 + (0.06 * Value);
}

/// <summary>N: the wire presses more, and less evenly, the faster the train goes.</summary>
internal sealed class PantographForce(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    public override void Feel(in Drive drive, double seconds) =>
        Value = 72 + (3 * Own(1)) + (0.0011 * drive.SpeedKmh * drive.SpeedKmh);

    protected override double Noise(in Drive drive) => 1.5 + (0.045 * drive.SpeedKmh);
}
