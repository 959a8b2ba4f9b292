using OpsPortal.Api;
using OpsPortal.Core.Detection;
using OpsPortal.SignIn;

namespace OpsPortal.Detection;

internal static class AnomalyEndpoints
{
    public static void MapAnomalies(this IEndpointRouteBuilder api) =>
        api.MapGet("/anomalies", FindAsync).WithTags("Anomalies").WithSummary("Anomalies inside your scope, newest measured first.").Produces<ListAnswer<AnomalyJson>>().ProducesValidationProblem();

    private static async Task<IResult> FindAsync(
        HttpContext context, IAnomalyStore store, TimeProvider time, string? from = null, string? to = null, string? train = null, string? subsystem = null, string? limit = null, string? after = null)
    {
        var query = new QueryReader();
        var range = query.ListRange(from, to);
        var (trainId, part, count) = (query.Text("train", train), query.Text("subsystem", subsystem), query.Limit(limit));
        var cursor = query.Place("anomalies", after) is { } place ? new AnomalyCursor(place.At, place.Id) : null;
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var asOf = time.GetUtcNow();
        var found = await store.FindAsync(context.User.ToUser().Scope, new AnomalyQuery(range.From, range.To, trainId, part, cursor, count + 1), context.RequestAborted);
        return Results.Ok(ListAnswer<AnomalyJson>.Of(found, count, asOf, AnomalyJson.Of, last => QueryReader.Cursor("anomalies", last.MeasuredAt, last.Id)));
    }
}
