using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>Makes a service's timetable from stops, line speeds and the checks that every journey meets.</summary>
internal sealed class TimetableBuilder
{
    private const double Accelerate = 0.3;
    private const double Brake = 0.5;
    private const double FreeSeconds = 20;
    private const double DwellSeconds = 30;
    private const double TurnBackSeconds = 45;

    // A check (a signal, a curve, a worksite) about every nine kilometres: trains are seldom left to run for long.
    private const double CheckEveryMetres = 9_000;
    private const double CheckMetres = 1_200;
    private const double SlowestCheckKmh = 35;

    // Now and then a signal clears only at the last moment: a train crawls up to it.
    private const double CrawlMetres = 120;
    private const double CrawlKmh = 10;

    private readonly List<TimetablePiece> _pieces = [];
    private readonly List<Call> _calls = [];
    private double _metres;
    private double _seconds;

    private TimetableBuilder()
    {
    }

    /// <summary>There and back between the service's ends, calling at every stop.</summary>
    public static Timetable Build(Service service, int seed)
    {
        var builder = new TimetableBuilder();
        builder.AddWay(service, seed, forward: true);
        builder.AddWay(service, seed, forward: false);
        return new Timetable(service.FromKm, (service.ToKm - service.FromKm) * 1000, builder._pieces, builder._calls);
    }

    private void AddWay(Service service, int seed, bool forward)
    {
        var stops = service.Line.Stops;
        for (var i = service.FromStop; i < service.ToStop; i++)
        {
            var leg = forward ? i : service.ToStop - 1 - (i - service.FromStop);
            var zones = Zones(stops[leg], stops[leg + 1], Chance.Key((ulong)seed, $"{service.Line.Id} {leg} {forward}"));
            AddLeg(zones);
            AddStand(stops[forward ? leg + 1 : leg], i == service.ToStop - 1 ? TurnBackSeconds : DwellSeconds);
        }
    }

    private static List<(double Metres, double Limit)> Zones(LineStop from, LineStop to, ulong key)
    {
        var (metres, limit) = ((to.Km - from.Km) * 1000, from.LimitKmh);
        var checks = (int)(metres / CheckEveryMetres);
        var made = Enumerable.Range(0, checks).Select(i => Check(limit, Chance.Uniform(key, (ulong)i))).ToList();
        var free = (metres - made.Sum(check => check.Metres)) / (checks + 1);
        var zones = new List<(double Metres, double Limit)> { (free, limit / 3.6) };
        foreach (var check in made)
        {
            zones.Add(check);
            zones.Add((free, limit / 3.6));
        }

        return zones;
    }

    private static (double Metres, double Limit) Check(double limit, double drawn) => drawn switch
    {
        < 0.3 => (CrawlMetres, CrawlKmh / 3.6),
        < 0.65 => (CheckMetres, Math.Max(SlowestCheckKmh, limit * 0.4) / 3.6),
        _ => (CheckMetres, limit * 0.7 / 3.6),
    };

    // From stand to stand: first how fast the train may be at each boundary, so that it can always brake in time, then the pieces.
    private void AddLeg(List<(double Metres, double Limit)> zones)
    {
        var at = new double[zones.Count + 1];
        for (var i = 1; i < zones.Count; i++)
        {
            at[i] = Math.Min(zones[i - 1].Limit, zones[i].Limit);
            at[i] = Math.Min(at[i], Math.Sqrt((at[i - 1] * at[i - 1]) + (2 * Accelerate * zones[i - 1].Metres)));
        }

        for (var i = zones.Count - 1; i > 0; i--)
        {
            at[i] = Math.Min(at[i], Math.Sqrt((at[i + 1] * at[i + 1]) + (2 * Brake * zones[i].Metres)));
        }

        for (var i = 0; i < zones.Count; i++)
        {
            AddZone(zones[i].Metres, zones[i].Limit, at[i], at[i + 1]);
        }
    }

    private void AddZone(double metres, double limit, double entry, double exit)
    {
        var peak = Math.Max(Math.Max(entry, exit), Math.Min(limit, Peak(metres, entry, exit)));
        var up = Math.Max(0, ((peak * peak) - (entry * entry)) / (2 * Accelerate));
        var down = Math.Max(0, ((peak * peak) - (exit * exit)) / (2 * Brake));
        AddPiece(entry, Accelerate, (peak - entry) / Accelerate, up);
        AddPiece(peak, 0, Math.Max(0, metres - up - down) / peak, Math.Max(0, metres - up - down));
        AddPiece(peak, -Brake, (peak - exit) / Brake, down);
    }

    // The speed that leaves time to run free between speeding up and braking: nobody drives from the one straight into the other.
    private static double Peak(double metres, double entry, double exit)
    {
        const double PerSquare = (1 / (2 * Accelerate)) + (1 / (2 * Brake));
        var room = metres + (entry * entry / (2 * Accelerate)) + (exit * exit / (2 * Brake));
        return (Math.Sqrt((FreeSeconds * FreeSeconds) + (4 * PerSquare * room)) - FreeSeconds) / (2 * PerSquare);
    }

    private void AddStand(LineStop stop, double seconds)
    {
        _calls.Add(new Call(stop.Station, stop.Km, _seconds, _seconds + seconds));
        AddPiece(0, 0, seconds, 0);
    }

    private void AddPiece(double speed, double acceleration, double seconds, double metres)
    {
        if (seconds > 1e-6)
        {
            _pieces.Add(new TimetablePiece(_metres, speed, acceleration, seconds));
            _seconds += seconds;
        }

        _metres += metres;
    }
}
