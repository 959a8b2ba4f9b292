using OpsPortal.Core.Fleet;

namespace OpsPortal.Map;

/// <summary>The rail network for maps, as GeoJSON: <c>GET /api/network</c>.</summary>
internal static class NetworkEndpoints
{
    public static void MapNetwork(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/network", (INetwork network) => NetworkJson.Of(network.Get())).WithTags("Fleet").WithSummary("Lines, stations and tunnels as GeoJSON.");
}

/// <summary>The network as the map draws it.</summary>
internal sealed record NetworkJson(Features Lines, Features Stations, Features Tunnels)
{
    public static NetworkJson Of(RailNetwork network) => new(
        new([.. network.Lines.Select(line => Feature.Along(line.Points, new { line.Id, line.Name }))]),
        new([.. network.Stations.Select(station => Feature.At(station.Longitude, station.Latitude, new { station.Id, station.Name }))]),
        new([.. network.Lines.SelectMany(line => line.Tunnels.Select(tunnel => Feature.Along(LinePart.Between(line, tunnel.FromKm, tunnel.ToKm), new { tunnel.Name, Line = line.Id })))]));
}

/// <summary>A GeoJSON feature collection.</summary>
internal sealed record Features(IReadOnlyList<Feature> Items)
{
    public string Type => "FeatureCollection";
}
