using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>
/// How one part wears out: sound for the first 60 % of its life, then its readings move away from what they should be with the square
/// of the time, until at the end of its life they are as far off as with the fault of its kind. Then it is renewed, and a new life begins.
/// Lives last 6 to 20 weeks, divided by <c>Trains:Wear</c>. A pure function of the train's time: a restart changes nothing.
/// </summary>
internal sealed class WearCurve
{
    private const double ShortestLifeWeeks = 6;
    private const double LongestLifeWeeks = 20;
    private const double SoundPart = 0.6;
    private const double WeekSeconds = 7 * 86_400;

    private readonly double _most;
    private readonly bool _withSpeed;
    private readonly double _life;
    private readonly double _phase;

    private WearCurve(double most, bool withSpeed, ulong key, double faster)
    {
        (_most, _withSpeed) = (most, withSpeed);
        _life = (ShortestLifeWeeks + ((LongestLifeWeeks - ShortestLifeWeeks) * Chance.Uniform(key, 0))) * WeekSeconds / faster;
        _phase = Chance.Uniform(key, 1);
    }

    /// <summary>What a worn-out part adds to a reading, in the sensor's unit; at 100 km/h where it takes motion.</summary>
    public double Most => _most;

    /// <summary>The curve of what a sensor watches, or null when that does not wear.</summary>
    public static WearCurve? Find(string sensor, ulong trainKey, double faster)
    {
        var key = Chance.Key(trainKey, $"wear of {sensor}");
        return SensorCatalogue.Describe(sensor).Kind switch
        {
            "axleBoxTemperature" => new WearCurve(30, withSpeed: true, key, faster),
            "bogieVibration" => new WearCurve(1.5, withSpeed: true, key, faster),
            "tractionMotorTemperature" => new WearCurve(35, withSpeed: false, key, faster),
            "oilTemperature" => new WearCurve(30, withSpeed: false, key, faster),
            "doorCycleTime" => new WearCurve(3, withSpeed: false, key, faster),
            _ => null,
        };
    }

    /// <summary>What wear adds to the reading.</summary>
    public double AddedAt(in Drive drive) => _most * WornAt(drive.Second) * (_withSpeed ? Math.Min(2, drive.SpeedKmh / 100) : 1);

    /// <summary>0 = sound, 1 = worn out.</summary>
    public double WornAt(long second)
    {
        var worn = Math.Max(0, (AgeAt(second) - SoundPart) / (1 - SoundPart));
        return worn * worn;
    }

    /// <summary>When the life of a second began to wear, and when it ends.</summary>
    public (long From, long To) WearingAround(long second)
    {
        var born = second - (AgeAt(second) * _life);
        return ((long)(born + (SoundPart * _life)), (long)(born + _life));
    }

    private double AgeAt(long second) => ((second / _life) + _phase) % 1;
}
