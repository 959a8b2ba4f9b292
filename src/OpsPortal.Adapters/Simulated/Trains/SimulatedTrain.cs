using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>One simulated train. Where it is and what it reads is a function of its time; faults are set from outside.</summary>
internal sealed class SimulatedTrain(Train registered, Service service, LineGeometry geometry, Timetable timetable, double offsetSeconds, ulong key)
{
    // Long enough that what lags has forgotten where it began.
    private const int WarmUpSeconds = 45 * 60;
    private const int WarmUpStep = 5;

    // What lags by seconds only is felt second by second at the end.
    private const int WarmUpLastSeconds = 60;

    private readonly SensorModel[] _sensors = [.. service.Class.Sensors.Select(id => SensorModels.Make(id, key)).OfType<SensorModel>()];
    private readonly Tunnel[] _tunnels = [.. service.Line.Tunnels];
    private volatile SensorFault[] _faults = [];

    public Train Registered => registered;

    public string Id => registered.Identity.Id;

    public ReadOnlySpan<SensorModel> Sensors => _sensors;

    /// <summary>Faults that are or will be felt. Replaced as a whole, so that planting never stops the loop.</summary>
    public IReadOnlyList<SensorFault> Faults
    {
        get => _faults;
        set => _faults = [.. value];
    }

    public Motion MotionAt(long second) => timetable.At(second + offsetSeconds);

    public (double Latitude, double Longitude, double HeadingDeg) PlaceAt(in Motion motion)
    {
        var (latitude, longitude, heading) = geometry.At(motion.Km);
        return (latitude, longitude, motion.Forward ? heading : (heading + 180) % 360);
    }

    /// <summary>Whether the train can be reached: not in a tunnel.</summary>
    public bool IsReachable(double km)
    {
        foreach (var tunnel in _tunnels)
        {
            if (km >= tunnel.FromKm && km <= tunnel.ToKm)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Puts the train to work: its sensors are as after three quarters of an hour of the timetable.</summary>
    public void WarmUp(long second)
    {
        var first = DriveAt(second - WarmUpSeconds);
        foreach (var sensor in _sensors)
        {
            sensor.Settle(first);
        }

        for (var at = second - WarmUpSeconds; at < second - WarmUpLastSeconds; at += WarmUpStep)
        {
            Feel(DriveAt(at), WarmUpStep);
        }

        for (var at = second - WarmUpLastSeconds; at < second; at++)
        {
            Feel(DriveAt(at), 1);
        }
    }

    /// <summary>What the sensors say at a second of the train's time; called once a second, in order.</summary>
    public void Read(in Motion motion, long second, Span<double> values)
    {
        var drive = Drive(motion, second);
        Feel(drive, 1);
        var faults = _faults;
        for (var i = 0; i < _sensors.Length; i++)
        {
            values[i] = _sensors[i].Read(drive, faults.Length == 0 ? 0 : SensorFault.Sum(faults, _sensors[i].Id, drive));
        }
    }

    private Drive DriveAt(long second) => Drive(MotionAt(second), second);

    private static Drive Drive(in Motion motion, long second) =>
        new(second, motion.SpeedKmh, motion.Acceleration, motion.Km, Trains.Drive.AmbientAt(second));

    private void Feel(in Drive drive, double seconds)
    {
        foreach (var sensor in _sensors)
        {
            sensor.Feel(drive, seconds);
        }
    }
}
