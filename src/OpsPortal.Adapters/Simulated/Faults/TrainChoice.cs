using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>Which trains can show a fault soon. The timetable is known ahead, so nobody has to guess.</summary>
internal static class TrainChoice
{
    private const int ReachableForSeconds = 240;
    private const int MovingForSeconds = 60;
    private const int StepSeconds = 5;
    private const double MovingKmh = 50;
    private const int KnownSeconds = 600;
    private const int KnownSamples = 8;
    private const int SpeedBandKmh = 60;
    private const int DoorsWithinSeconds = 40;
    private const double ChangeKmh = 40;

    // Of a large fleet it is enough to look at some.
    private const int MostLookedAt = 500;

    public static bool Carries(SimulatedTrain train, FaultKind kind)
    {
        foreach (var sensor in train.Sensors)
        {
            if (kind.ShowsOn(sensor))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Trains that carry the sensor and can show it soonest: reachable, moving or at a station if it takes that, about to run as they ran of
    /// late (what a train has never done before tells a detector little), and without another fault.
    /// </summary>
    /// <param name="since">Unix second from which on the trains' readings were sent: nobody knows how they ran before.</param>
    /// <param name="key">Which trains of a large fleet are looked at.</param>
    /// <exception cref="ArgumentException">No train carries such a sensor.</exception>
    public static IReadOnlyList<SimulatedTrain> Find(IReadOnlyList<SimulatedTrain> trains, FaultKind kind, long second, long since, ulong key)
    {
        var able = trains.Where(train => Carries(train, kind)).ToList();
        if (able.Count == 0)
        {
            throw new ArgumentException($"No simulated train has a sensor that shows {kind.Name}.", nameof(kind));
        }

        var some = able.Count <= MostLookedAt ? able : [.. Enumerable.Range(0, MostLookedAt).Select(i => able[(int)(Chance.Uniform(key, 100 + (ulong)i) * able.Count)])];
        var reachable = OrAll(some, train => StaysReachable(train, second));
        var showing = OrAll(reachable, train => ShowsSoon(train, kind.Seen, second));
        var familiar = OrAll(showing, train => RunsAsBefore(train, second, since));
        return OrAll(familiar, train => train.Faults.All(fault => fault.IsOver(second)));
    }

    private static List<SimulatedTrain> OrAll(List<SimulatedTrain> trains, Func<SimulatedTrain, bool> wanted)
    {
        var found = trains.Where(wanted).ToList();
        return found.Count > 0 ? found : trains;
    }

    private static bool StaysReachable(SimulatedTrain train, long second)
    {
        for (var ahead = 0; ahead <= ReachableForSeconds; ahead += StepSeconds)
        {
            if (!train.IsReachable(train.MotionAt(second + ahead).Km))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ShowsSoon(SimulatedTrain train, Seen seen, long second) => seen switch
    {
        Seen.Moving => KeepsMoving(train, second),
        Seen.ChangingSpeed => Math.Abs(train.MotionAt(second + (MovingForSeconds / 2)).SpeedKmh - train.MotionAt(second).SpeedKmh) > ChangeKmh,
        Seen.AtDoors => train.DoorsClosedAfter(second) <= second + DoorsWithinSeconds,
        _ => true,
    };

    private static bool KeepsMoving(SimulatedTrain train, long second)
    {
        for (var ahead = StepSeconds; ahead <= MovingForSeconds; ahead += StepSeconds)
        {
            if (train.MotionAt(second + ahead).SpeedKmh < MovingKmh)
            {
                return false;
            }
        }

        return true;
    }

    // Standing, or in a band of speed and losing, holding or gaining it.
    private static bool RunsAsBefore(SimulatedTrain train, long second, long since)
    {
        var known = new Dictionary<int, int>();
        for (var back = Math.Min(KnownSeconds, second - since); back > 0; back -= StepSeconds)
        {
            var way = Way(train.MotionAt(second - back));
            known[way] = known.GetValueOrDefault(way) + 1;
        }

        for (var ahead = 0; ahead <= MovingForSeconds; ahead += StepSeconds)
        {
            if (known.GetValueOrDefault(Way(train.MotionAt(second + ahead))) < KnownSamples)
            {
                return false;
            }
        }

        return true;
    }

    private static int Way(in Motion motion) =>
        motion.SpeedKmh < 1 ? -1 : ((int)motion.SpeedKmh / SpeedBandKmh * 3) + Math.Sign(motion.Acceleration) + 1;
}
