using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench.Unload;

internal static class UnloadEndpoints
{
    private const string NotThere = "There are no files of this query: none were asked for, or they are removed already.";

    /// <summary>A query's whole rows as files of the warehouse's own.</summary>
    public static void MapUnloads(this IEndpointRouteBuilder api)
    {
        api.MapPost("/queries/{id}/files", BeginAsync).WithTags("Workbench").WithSummary("Has all rows of a query of yours written as Parquet files (Redshift's UNLOAD), in the background; 409 where the warehouse writes none, or the query would read very much.")
            .Produces<UnloadJson>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/queries/{id}/files", FindAsync).WithTags("Workbench").WithSummary("How far these files are, and which there are.").Produces<UnloadJson>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/queries/{id}/files", EndAsync).WithTags("Workbench").WithSummary("Cancels their writing on the server; removes files that are written.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/queries/{id}/files/{name}", FollowAsync).WithTags("Workbench").WithSummary("Leads to one of the files, by an address that is signed now and holds for five minutes at most.")
            .Produces(StatusCodes.Status307TemporaryRedirect).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> BeginAsync(string id, UnloadRequest? request, HttpContext context, QueryDesk queries, UnloadDesk desk, QueryGuard guard, Refusals refusals, TimeProvider time)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, QueryEndpoints.MayNot);
        }

        if (desk.Absent is { } absent)
        {
            return Problem.Of(StatusCodes.Status409Conflict, absent);
        }

        if (queries.Find(user, id) is not { } query)
        {
            return Problem.Of(StatusCodes.Status404NotFound, QueryEndpoints.NotThere, "id");
        }

        if (guard.TooFast(user) is { } tooFast)
        {
            context.Response.Headers.RetryAfter = "10";
            return Problem.Of(StatusCodes.Status429TooManyRequests, tooFast);
        }

        if (request?.Override == true && !user.May(Verb.OverrideQueryGuard))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, QueryGuard.MayNotOverride);
        }

        var over = await guard.FindOverAsync(user, query.Query, context.RequestAborted);
        if (over is not null && request?.Override != true)
        {
            return await QueryEndpoints.OverAsync(over, context, guard, refusals);
        }

        var (job, tooMany) = await desk.BeginAsync(query, user, over is null ? null : guard.Words(over), CallerTrace.Of(context), context.RequestAborted);
        return job is null ? Problem.Of(StatusCodes.Status429TooManyRequests, tooMany!) : Results.Accepted($"/api/queries/{id}/files", UnloadJson.Of(job, time.GetUtcNow()));
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, UnloadDesk desk, Refusals refusals, TimeProvider time)
    {
        var (job, no) = await OwnAsync(id, context, desk, refusals);
        return job is null ? no! : Results.Ok(UnloadJson.Of(job, time.GetUtcNow()));
    }

    private static async Task<IResult> EndAsync(string id, HttpContext context, UnloadDesk desk, Refusals refusals)
    {
        var (job, no) = await OwnAsync(id, context, desk, refusals);
        if (job is null)
        {
            return no!;
        }

        return await desk.EndAsync(job, context.RequestAborted) is { } problem
            ? Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The files are handed out no more, but not all are removed yet: {problem} They go by themselves later.")
            : Results.NoContent();
    }

    private static async Task<IResult> FollowAsync(string id, string name, HttpContext context, UnloadDesk desk, Refusals refusals)
    {
        var (job, no) = await OwnAsync(id, context, desk, refusals);
        if (job is null)
        {
            return no!;
        }

        if (await desk.LinkAsync(job, context.User.ToUser(), name, CallerTrace.Of(context), context.RequestAborted) is not { } address)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is no such file of this query, or it is removed already.", "name");
        }

        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = address.OriginalString;
        return Results.StatusCode(StatusCodes.Status307TemporaryRedirect);
    }

    // Where nothing is unloaded the reason is said rather than that nothing is there.
    private static async Task<(UnloadJob? Job, IResult? No)> OwnAsync(string id, HttpContext context, UnloadDesk desk, Refusals refusals)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return (null, await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, QueryEndpoints.MayNot));
        }

        if (desk.Absent is { } absent)
        {
            return (null, Problem.Of(StatusCodes.Status409Conflict, absent));
        }

        return desk.Find(user, id) is { } job ? (job, null) : (null, Problem.Of(StatusCodes.Status404NotFound, NotThere, "id"));
    }
}
