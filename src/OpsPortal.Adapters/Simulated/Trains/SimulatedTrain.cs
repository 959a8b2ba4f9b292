using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>One simulated train. Where it is and what it reads is a function of its time; faults and look-alikes are set from outside.</summary>
internal sealed class SimulatedTrain(TrainPlan plan)
{
    // Long enough that what lags has forgotten where it began.
    private const int WarmUpSeconds = 45 * 60;
    private const int WarmUpStep = 5;

    // What lags by seconds only is felt second by second at the end.
    private const int WarmUpLastSeconds = 60;

    private readonly SensorModel[] _sensors = plan.MakeSensors();
    private readonly Tunnel[] _tunnels = [.. plan.Service.Line.Tunnels];
    private volatile SensorFault[] _faults = [];
    private volatile LookAlike[] _lookAlikes = [];

    public Train Registered => plan.Registered;

    public string Id => plan.Registered.Identity.Id;

    public ReadOnlySpan<SensorModel> Sensors => _sensors;

    /// <summary>Faults that are or will be felt. Replaced as a whole, so that planting never stops the loop.</summary>
    public IReadOnlyList<SensorFault> Faults
    {
        get => _faults;
        set => _faults = [.. value];
    }

    /// <summary>What looks like a fault and is none. Replaced as a whole, too.</summary>
    public IReadOnlyList<LookAlike> LookAlikes
    {
        get => _lookAlikes;
        set => _lookAlikes = [.. value];
    }

    public Motion MotionAt(long second) => plan.Timetable.At(second + plan.OffsetSeconds);

    public (double Latitude, double Longitude, double HeadingDeg) PlaceAt(in Motion motion)
    {
        var (latitude, longitude, heading) = plan.Geometry.At(motion.Km);
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

    /// <summary>Its calls as timetabled, by arrival, from a Unix second on.</summary>
    public IEnumerable<Call> CallsFrom(long second)
    {
        var timetable = plan.Timetable;
        for (var cycle = Math.Floor((second + plan.OffsetSeconds) / timetable.CycleSeconds); ; cycle++)
        {
            var start = (cycle * timetable.CycleSeconds) - plan.OffsetSeconds;
            foreach (var call in timetable.Calls.Where(call => start + call.Arrival >= second))
            {
                yield return call with { Arrival = start + call.Arrival, Departure = start + call.Departure };
            }
        }
    }

    /// <summary>The first Unix second after this one at which its doors have just been closed.</summary>
    public long DoorsClosedAfter(long second) => (long)Math.Ceiling(plan.Timetable.DoorsClosedAfter(second + plan.OffsetSeconds) - plan.OffsetSeconds);

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

    /// <summary>What the sensors say at a second of the train's time, NaN for one that says nothing; called once a second, in order.</summary>
    public void Read(in Motion motion, long second, Span<double> values)
    {
        var drive = Drive(motion, second);
        Feel(drive, 1);
        var faults = _faults;
        for (var i = 0; i < _sensors.Length; i++)
        {
            values[i] = _sensors[i].Read(drive, faults);
        }
    }

    /// <summary>What a sensor says, or will, without any fault; at any time, from any thread.</summary>
    public double HealthyReading(string sensor, long second)
    {
        var twin = new SimulatedTrain(plan);
        twin.WarmUp(second);
        var values = new double[twin._sensors.Length];
        twin.Read(twin.MotionAt(second), second, values);
        return values[Array.FindIndex(twin._sensors, model => model.Id == sensor)];
    }

    private Drive DriveAt(long second) => Drive(MotionAt(second), second);

    private Drive Drive(in Motion motion, long second)
    {
        var gradient = plan.Geometry.GradientAt(motion.Km);
        var (number, closed) = plan.Timetable.DoorsClosedBy(second + plan.OffsetSeconds);
        var doors = new DoorCycle(number, (long)Math.Ceiling(closed - plan.OffsetSeconds));
        var drive = new Drive(
            second, motion.SpeedKmh, motion.Acceleration, motion.Km, Weather.AmbientAt(second), Passengers.LoadAt(plan.Key, second), motion.Forward ? gradient : -gradient, doors);
        foreach (var lookAlike in _lookAlikes)
        {
            drive = lookAlike.Change(drive);
        }

        return drive;
    }

    private void Feel(in Drive drive, double seconds)
    {
        foreach (var sensor in _sensors)
        {
            sensor.Feel(drive, seconds);
        }
    }
}
