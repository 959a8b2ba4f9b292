using OpsPortal.Core.Fleet;

namespace OpsPortal.Map;

/// <summary>The network as maps draw it: three GeoJSON feature collections.</summary>
internal sealed record NetworkJson(FeatureCollectionJson Lines, FeatureCollectionJson Stations, FeatureCollectionJson Tunnels)
{
    public static NetworkJson Of(RailNetwork network) => new(
        new([.. network.Lines.Select(line => FeatureJson.Along(line.Points, new(line.Id, line.Name, null, [.. line.Points.Select(point => Math.Round(point.Km, 3))])))]),
        new([.. network.Stations.Select(station => FeatureJson.At(station, new(station.Id, station.Name, null)))]),
        new([.. network.Lines.SelectMany(line => line.Tunnels.Select(tunnel => FeatureJson.Along(Between(line.Points, tunnel.FromKm, tunnel.ToKm), new(null, tunnel.Name, line.Id))))]));

    /// <summary>The part of a line's way between two kilometres, ends included.</summary>
    internal static IReadOnlyList<LinePoint> Between(IReadOnlyList<LinePoint> points, double fromKm, double toKm) =>
        [At(points, fromKm), .. points.Where(point => point.Km > fromKm && point.Km < toKm), At(points, toKm)];

    private static LinePoint At(IReadOnlyList<LinePoint> points, double km)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var (before, after) = (points[i - 1], points[i]);
            if (km <= after.Km && after.Km > before.Km)
            {
                var part = Math.Max(0, (km - before.Km) / (after.Km - before.Km));
                return new(before.Latitude + ((after.Latitude - before.Latitude) * part), before.Longitude + ((after.Longitude - before.Longitude) * part), km);
            }
        }

        return points[^1];
    }
}

/// <summary>GeoJSON: a collection of features.</summary>
internal sealed record FeatureCollectionJson(IReadOnlyList<FeatureJson> Features)
{
    public string Type { get; } = "FeatureCollection";
}

/// <summary>GeoJSON: something with a place.</summary>
internal sealed record FeatureJson(NetworkNames Properties, GeometryJson Geometry)
{
    public string Type { get; } = "Feature";

    public static FeatureJson At(Station station, NetworkNames names) => new(names, new("Point", Pair(station.Longitude, station.Latitude)));

    public static FeatureJson Along(IReadOnlyList<LinePoint> points, NetworkNames names) =>
        new(names, new("LineString", points.Select(point => Pair(point.Longitude, point.Latitude)).ToArray()));

    // GeoJSON puts the longitude first.
    private static double[] Pair(double longitude, double latitude) => [Math.Round(longitude, 5), Math.Round(latitude, 5)];
}

/// <summary>What a feature of the network is called.</summary>
/// <param name="Line">For a tunnel: id of its line.</param>
/// <param name="Km">For a line: the kilometre of each point of its way, so that trains can be drawn along it.</param>
internal sealed record NetworkNames(string? Id, string Name, string? Line, IReadOnlyList<double>? Km = null);

/// <summary>GeoJSON: a place; <paramref name="Coordinates"/> is a pair, or a list of pairs, after the type.</summary>
internal sealed record GeometryJson(string Type, object Coordinates);
