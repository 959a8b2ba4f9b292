using System.Globalization;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>A line while its rows are being read.</summary>
internal sealed class LineDraft(string id, string name, NetworkRow row)
{
    // Rails wind a little and are never shorter than the way drawn; more than this and a kilometre or a bend is wrong.
    private const double LeastWinding = 0.97;
    private const double MostWinding = 1.35;

    private readonly List<(double Latitude, double Longitude)> _bends = [];
    private readonly List<LinePoint> _points = [];
    private readonly List<LineStop> _stops = [];
    private NetworkRow? _lastVia;

    public string Id => id;

    public List<(Tunnel Tunnel, NetworkRow Row)> Tunnels { get; } = [];

    public List<NetworkRow> Services { get; } = [];

    public void AddVia(double latitude, double longitude, NetworkRow via)
    {
        _lastVia = via;
        _bends.Add((latitude, longitude));
        if (_stops.Count == 0)
        {
            via.Mistake("a bend lies between two stops; there is no stop above it");
        }
    }

    public void AddStop(Station station, double km, double limitKmh, NetworkRow stop)
    {
        if (_stops.Count == 0)
        {
            if (km != 0)
            {
                stop.Mistake("the first stop of a line is at kilometre 0");
            }

            _points.Add(new LinePoint(station.Latitude, station.Longitude, km));
        }
        else
        {
            AddLeg(station, km, stop);
        }

        _stops.Add(new LineStop(station.Id, km, limitKmh));
        _bends.Clear();
        _lastVia = null;
    }

    /// <summary>The line, or null when there is too little of it.</summary>
    public Line? Finish()
    {
        if (_stops.Count < 2)
        {
            row.Mistake($"line {id} needs at least two stops");
            return null;
        }

        _lastVia?.Mistake("a bend lies between two stops; there is no stop below it");
        foreach (var (tunnel, place) in Tunnels)
        {
            if (tunnel.ToKm <= tunnel.FromKm || tunnel.ToKm > _stops[^1].Km)
            {
                place.Mistake($"{tunnel.Name} must lie on line {id}, from a lower to a higher kilometre, at most {_stops[^1].Km.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        return new Line(id, name, _points, _stops, [.. Tunnels.Select(pair => pair.Tunnel)]);
    }

    // The kilometres between two stops are shared out over the bends by distance.
    private void AddLeg(Station station, double km, NetworkRow stop)
    {
        var from = _points[^1];
        if (km <= from.Km)
        {
            stop.Mistake($"kilometre {km.ToString(CultureInfo.InvariantCulture)} does not lie beyond the stop before");
            return;
        }

        var way = new List<(double Latitude, double Longitude)> { (from.Latitude, from.Longitude) };
        way.AddRange(_bends);
        way.Add((station.Latitude, station.Longitude));
        var steps = way.Zip(way.Skip(1), (a, b) => Geodesy.Km(a.Latitude, a.Longitude, b.Latitude, b.Longitude)).ToList();
        var drawn = steps.Sum();
        var winding = (km - from.Km) / drawn;
        if (winding is < LeastWinding or > MostWinding)
        {
            stop.Mistake(string.Create(CultureInfo.InvariantCulture, $"{km - from.Km:0.0} km of rails to {station.Id} do not fit the {drawn:0.0} km of the way drawn"));
        }

        var done = 0.0;
        for (var i = 0; i < steps.Count; i++)
        {
            done += steps[i];
            _points.Add(new LinePoint(way[i + 1].Latitude, way[i + 1].Longitude, i == steps.Count - 1 ? km : from.Km + (done * winding)));
        }
    }
}
