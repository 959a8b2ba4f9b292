using OpsPortal.Core.Fleet;

namespace OpsPortal.Map;

/// <summary>The rail network for maps, as GeoJSON: <c>GET /api/network</c>.</summary>
internal static class NetworkEndpoints
{
    public static void MapNetwork(this IEndpointRouteBuilder api) =>
        api.MapGet("/network", (INetwork network) => NetworkJson.Of(network.Get())).WithTags("Fleet").WithSummary("Lines, stations and tunnels as GeoJSON.").Produces<NetworkJson>();
}
