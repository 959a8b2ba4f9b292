using OpsPortal.Api;
using OpsPortal.Core.Alerts;
using OpsPortal.SignIn;

namespace OpsPortal.Alerts;

internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alerts", FindAsync).WithTags("Alerts").WithSummary("Alerts inside your scope, newest raised first.").Produces<ListAnswer<AlertJson>>().ProducesValidationProblem();
        api.MapGet("/alerts/{id}", GetAsync).WithTags("Alerts").WithSummary("One alert with history and delivery.").Produces<AlertJson>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapAcknowledge();
    }

    internal static IResult NoSuchAlert => Problem.Of(StatusCodes.Status404NotFound, "There is no such alert.", "id");

    private static async Task<IResult> FindAsync(
        HttpContext context, IAlertStore store, TimeProvider time, string? state = null, string? severity = null, string? train = null, string? line = null, string? @class = null, string? from = null, string? to = null, string? limit = null, string? after = null)
    {
        var query = new QueryReader();
        var range = query.ListRange(from, to);
        var (states, severities) = (query.Words<AlertState>("state", state), query.Words<Severity>("severity", severity));
        var (trainId, count) = (query.Text("train", train), query.Limit(limit));
        var (lineName, className) = (query.Text("line", line), query.Text("class", @class));
        var cursor = query.Place("alerts", after) is { } place ? new AlertCursor(place.At, place.Id) : null;
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var asOf = time.GetUtcNow();
        var found = await store.FindAsync(context.User.ToUser().Scope, new AlertQuery(states, severities, trainId, range.From, range.To, cursor, count + 1) { Line = lineName, Class = className }, context.RequestAborted);
        return Results.Ok(ListAnswer<AlertJson>.Of(found, count, asOf, AlertJson.Of, last => QueryReader.Cursor("alerts", last.Episode.RaisedAt, last.Id)));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IAlertStore store) =>
        await store.GetAsync(context.User.ToUser().Scope, id, context.RequestAborted) is { } alert ? Results.Ok(AlertJson.Of(alert)) : NoSuchAlert;
}
