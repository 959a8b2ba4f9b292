using System.Text.Json.Nodes;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Shadows;
using OpsPortal.Fleet;
using OpsPortal.SignIn;

namespace OpsPortal.Shadows;

/// <summary>A train's shadow <c>operations</c>.</summary>
/// <param name="Version">0 while nobody has written it.</param>
/// <param name="AsOf">Our time of reading it.</param>
internal sealed record ShadowJson(JsonObject Desired, JsonObject Reported, JsonObject Delta, JsonObject Metadata, long Version, DateTimeOffset? WrittenAt, DateTimeOffset AsOf);

internal static class ShadowEndpoints
{
    public static void MapShadows(this IEndpointRouteBuilder api) =>
        api.MapGet("/trains/{id}/shadow", GetAsync).WithTags("Fleet").WithSummary("What the train is to know, what it reported, and the difference.").Produces<ShadowJson>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> GetAsync(string id, HttpContext context, LiveFeed feed, IDeviceShadows shadows, TimeProvider time, CancellationToken cancellationToken)
    {
        if (feed.Find(context.User.ToUser().Scope, id) is null)
        {
            return FleetEndpoints.Missing(context, feed);
        }

        var asOf = time.GetUtcNow();
        var shadow = await shadows.GetAsync(id, OperationsShadow.Name, cancellationToken);
        return Results.Ok(shadow is null
            ? new ShadowJson([], [], [], [], 0, null, asOf)
            : new ShadowJson(shadow.Desired, shadow.Reported, shadow.Delta, shadow.Metadata, shadow.Version, shadow.At, asOf));
    }
}
