using System.Text.Json;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>One sensor of one simulated train: what it feels follows the drive, what it says has noise and the decimals of its kind.</summary>
internal abstract class SensorModel
{
    private readonly ulong _noise;
    private readonly SensorDescription _description;

    protected SensorModel(string id, ulong trainKey)
    {
        Id = id;
        Name = JsonEncodedText.Encode(id);
        _description = SensorCatalogue.Describe(id);
        _noise = Chance.Key(trainKey, id);
    }

    public string Id { get; }

    /// <summary>The id, ready for writing.</summary>
    public JsonEncodedText Name { get; }

    public string Kind => _description.Kind;

    /// <summary>How what it watches wears out; null where wear is not simulated.</summary>
    public WearCurve? Wear { get; set; }

    /// <summary>What the instrument says after <see cref="Feel"/>; NaN when it says nothing.</summary>
    public double Read(in Drive drive, SensorFault[] faults)
    {
        var value = Value + (Noise(drive) * Chance.Normal(_noise, (ulong)drive.Second));
        value += Wear is null ? 0 : Wear.AddedAt(drive);
        foreach (var fault in faults)
        {
            value = fault.Change(Id, value, drive);
        }

        return Math.Round(Math.Clamp(value, _description.Lowest, _description.Highest), _description.Decimals);
    }

    /// <summary>Moves on by some seconds.</summary>
    public abstract void Feel(in Drive drive, double seconds);

    /// <summary>Whatever lags behind is set to where it would settle.</summary>
    public virtual void Settle(in Drive drive) => Feel(drive, 1e6);

    protected double Value { get; set; }

    /// <summary>Standard deviation of the noise.</summary>
    protected abstract double Noise(in Drive drive);

    /// <summary>What makes this one a little different from all others, uniform in [−1, 1].</summary>
    protected double Own(ulong number) => (2 * Chance.Uniform(_noise, number + (1UL << 40))) - 1;

    /// <summary>Follows a target with a time constant in seconds.</summary>
    protected void Follow(double target, double constant, double seconds) =>
        Value += (target - Value) * (1 - Math.Exp(-seconds / constant));
}
