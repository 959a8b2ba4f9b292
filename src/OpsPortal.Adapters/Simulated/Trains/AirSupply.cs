namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>The compressor's rhythm: pumps for a quarter of its period, rests while the air is used. A closed form in time.</summary>
internal readonly struct CompressorRhythm(ulong trainKey)
{
    private const double Pumping = 0.25;

    private readonly double _period = 150 + (60 * Chance.Uniform(trainKey, 0xC0));
    private readonly double _phase = 210 * Chance.Uniform(trainKey, 0xC1);

    /// <summary>How full the reservoir is between its two switching points, 0–1.</summary>
    public double Fill(long second)
    {
        var part = Part(second);
        return part < Pumping ? part / Pumping : (1 - part) / (1 - Pumping);
    }

    public bool IsPumping(long second) => Part(second) < Pumping;

    private double Part(long second) => (second + _phase) / _period % 1;
}

/// <summary>bar: a saw tooth between 8.2 and 9.6.</summary>
internal sealed class MainReservoirPressure(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private readonly CompressorRhythm _rhythm = new(trainKey);

    public override void Feel(in Drive drive, double seconds) => Value = 8.2 + (1.4 * _rhythm.Fill(drive.Second));

    protected override double Noise(in Drive drive) => 0.015;
}

/// <summary>A: the compressor's motor, harder against a fuller reservoir; next to nothing while it rests.</summary>
internal sealed class CompressorCurrent(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private readonly CompressorRhythm _rhythm = new(trainKey);

    public override void Feel(in Drive drive, double seconds) =>
        Value = _rhythm.IsPumping(drive.Second) ? 24 + (1.5 * Own(1)) + (4 * _rhythm.Fill(drive.Second)) : 0.6;

    protected override double Noise(in Drive drive) => 0.1 + (0.012 * Value);
}

/// <summary>°C: the compressor's oil warms while it pumps.</summary>
internal sealed class OilTemperature(string id, ulong trainKey) : SensorModel(id, trainKey)
{
    private const double LagSeconds = 160;

    private readonly CompressorRhythm _rhythm = new(trainKey);

    public override void Feel(in Drive drive, double seconds) =>
        Follow(44 + (2 * Own(1)) + (0.5 * drive.Ambient) + (_rhythm.IsPumping(drive.Second) ? 32 : 0), LagSeconds, seconds);

    protected override double Noise(in Drive drive) => 0.2;
}
