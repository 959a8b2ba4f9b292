using OpsPortal.Core.Fleet;
using OpsPortal.SignIn;

namespace OpsPortal.Map;

/// <summary>The rail network for maps, as GeoJSON: <c>GET /api/network</c>.</summary>
internal static class NetworkEndpoints
{
    public static void MapNetwork(this IEndpointRouteBuilder api) =>
        api.MapGet("/network", (INetwork network, HttpContext context) => NetworkJson.Of(network.Get().Inside(context.User.ToUser().Scope))).WithTags("Fleet").WithSummary("Lines, stations and tunnels as GeoJSON; where your scope names lines, those only.").Produces<NetworkJson>();
}
