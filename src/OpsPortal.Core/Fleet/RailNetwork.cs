using OpsPortal.Core.Access;

namespace OpsPortal.Core.Fleet;

/// <summary>The rail network as it is drawn and talked about: the map's ground, nothing that changes while trains run.</summary>
public sealed record RailNetwork(IReadOnlyList<Station> Stations, IReadOnlyList<Line> Lines)
{
    /// <summary>The part a user may see: where the scope names lines, those and the stations on them. Depots and classes narrow no ground.</summary>
    public RailNetwork Inside(Scope scope)
    {
        if (scope.Lines is not { } named)
        {
            return this;
        }

        var lines = Lines.Where(line => named.Contains(line.Id)).ToList();
        var stops = lines.SelectMany(line => line.Stops).Select(stop => stop.Station).ToHashSet(StringComparer.Ordinal);
        return new([.. Stations.Where(station => stops.Contains(station.Id))], lines);
    }
}

/// <summary>Where trains stop.</summary>
/// <param name="Id">Short code, e.g. <c>EUS</c>.</param>
public sealed record Station(string Id, string Name, double Latitude, double Longitude);

/// <summary>A line: a sequence of stations with a linear reference in kilometres from its origin.</summary>
/// <param name="Id">Short code as in a train's position, e.g. <c>WCML</c>.</param>
/// <param name="Points">The way it takes, origin first, kilometres growing.</param>
/// <param name="Stops">Its stations in order.</param>
public sealed record Line(string Id, string Name, IReadOnlyList<LinePoint> Points, IReadOnlyList<LineStop> Stops, IReadOnlyList<Tunnel> Tunnels);

/// <summary>A point of a line's way.</summary>
public readonly record struct LinePoint(double Latitude, double Longitude, double Km);

/// <summary>A station on a line.</summary>
/// <param name="Station">Id of the station.</param>
/// <param name="LimitKmh">Line speed from here to the next stop, km/h.</param>
public sealed record LineStop(string Station, double Km, double LimitKmh);

/// <summary>Where trains cannot be reached.</summary>
public sealed record Tunnel(string Name, double FromKm, double ToKm);

/// <summary>Gives the network.</summary>
public interface INetwork
{
    /// <summary>The network; the same object each time.</summary>
    RailNetwork Get();
}
