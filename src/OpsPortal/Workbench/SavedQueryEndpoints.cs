using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench;

internal static class SavedQueryEndpoints
{
    private const string Tag = "Workbench";

    public static void MapSavedQueries(this IEndpointRouteBuilder api)
    {
        var saved = api.MapGroup("/saved-queries").WithTags(Tag).AddEndpointFilter(RefuseAsync);
        saved.MapGet("", FindAsync).WithSummary("Queries that you keep, and those shared with all who may run queries, by name.").Produces<ListAnswer<SavedQueryJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        saved.MapPost("", MakeAsync).WithSummary("Keeps a query.").Produces<SavedQueryJson>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        saved.MapGet("/{id}", GetAsync).WithSummary("One of them.").Produces<SavedQueryJson>().ProducesProblem(StatusCodes.Status403Forbidden);
        saved.MapGet("/{id}/versions", VersionsAsync).WithSummary("Its versions, newest first.").Produces<ListAnswer<SavedVersionJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        saved.MapPut("/{id}", SaveAsync).WithSummary("Adds a version; 409 with the present state when it has changed since the revision that you saw.").Produces<SavedQueryJson>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        saved.MapPatch("/{id}", ChangeAsync).WithSummary("Renames or shares a query of yours.").Produces<SavedQueryJson>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        saved.MapPost("/{id}/restore", RestoreAsync).WithSummary("Makes an older version the present one again, as a new version.").Produces<SavedQueryJson>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        saved.MapDelete("/{id}", DeleteAsync).WithSummary("Forgets a query of yours with all its versions.").Produces(StatusCodes.Status204NoContent);
        var history = api.MapGroup("/warehouse/history").WithTags(Tag).AddEndpointFilter(RefuseAsync);
        history.MapGet("", HistoryAsync).WithSummary("What you have run, newest first, on any browser.").Produces<ListAnswer<PastQueryJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        history.MapDelete("", ForgetAsync).WithSummary("Forgets what you have run; the audit does not.").Produces(StatusCodes.Status204NoContent);
    }

    private static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        call.HttpContext.User.ToUser().May(Verb.RunQueries)
            ? await next(call)
            : await call.HttpContext.RequestServices.GetRequiredService<Refusals>().ResultAsync(call.HttpContext, StatusCodes.Status403Forbidden, QueryEndpoints.MayNot);

    private static async Task<IResult> FindAsync(HttpContext context, ISavedQueries store, TimeProvider time, string? limit = null)
    {
        var reader = new QueryReader();
        var most = reader.Limit(limit ?? "1000");
        if (reader.Refusal is { } refusal)
        {
            return refusal;
        }

        var user = context.User.ToUser();
        var found = await store.FindAsync(user, most + 1, context.RequestAborted);
        return Results.Ok(new ListAnswer<SavedQueryJson>(
            [.. found.Take(most).Select(query => SavedQueryJson.Of(query, user))], null, time.GetUtcNow(), found.Count > most ? $"The first {most} by name are listed, as many as were asked for; at most 1000 are." : null));
    }

    private static async Task<IResult> MakeAsync(MakeSavedQueryRequest? request, HttpContext context, SavedQueryDesk desk)
    {
        var form = new SavedQueryForm();
        var (name, text) = (form.Name(request?.Name), form.Text(request?.Sql, request?.Values, request?.Chart));
        return form.Refusal ?? Answer(context, desk, await desk.MakeAsync(context.User.ToUser(), name, request!.Shared == true, text, CallerTrace.Of(context), context.RequestAborted), isNew: true);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, ISavedQueries store)
    {
        var user = context.User.ToUser();
        return await store.GetAsync(user, id, context.RequestAborted) is { } query ? Results.Ok(SavedQueryJson.Of(query, user)) : NotThere();
    }

    private static async Task<IResult> VersionsAsync(string id, HttpContext context, ISavedQueries store, SavedQueryDesk desk, TimeProvider time)
    {
        var versions = await store.FindVersionsAsync(context.User.ToUser(), id, context.RequestAborted);
        var limited = versions.Count > 0 && versions[^1].Number > 1 ? $"The last {desk.Options.VersionsPerQuery} versions are kept; older ones are gone." : null;
        return versions.Count == 0 ? NotThere() : Results.Ok(new ListAnswer<SavedVersionJson>([.. versions.Select(SavedVersionJson.Of)], null, time.GetUtcNow(), limited));
    }

    private static async Task<IResult> SaveAsync(string id, SaveVersionRequest? request, HttpContext context, SavedQueryDesk desk)
    {
        var form = new SavedQueryForm();
        var (revision, text) = (form.Revision(request?.Revision), form.Text(request?.Sql, request?.Values, request?.Chart));
        return form.Refusal ?? Answer(context, desk, await desk.AddVersionAsync(context.User.ToUser(), id, revision, text, CallerTrace.Of(context), context.RequestAborted));
    }

    private static async Task<IResult> ChangeAsync(string id, ChangeSavedQueryRequest? request, HttpContext context, SavedQueryDesk desk)
    {
        var form = new SavedQueryForm();
        var (revision, name) = (form.Revision(request?.Revision), request?.Name is null ? null : form.Name(request.Name));
        if (name is null && request?.Shared is null)
        {
            return form.Refusal ?? Problem.Of("name", "Must be given, or shared.");
        }

        return form.Refusal ?? Answer(context, desk, await desk.ChangeAsync(context.User.ToUser(), id, revision, name, request!.Shared, CallerTrace.Of(context), context.RequestAborted));
    }

    private static async Task<IResult> RestoreAsync(string id, RestoreVersionRequest? request, HttpContext context, SavedQueryDesk desk)
    {
        var form = new SavedQueryForm();
        var revision = form.Revision(request?.Revision);
        if (form.Refusal is { } refusal)
        {
            return refusal;
        }

        return await desk.RestoreAsync(context.User.ToUser(), id, revision, request!.Version ?? 0, CallerTrace.Of(context), context.RequestAborted) is { } outcome
            ? Answer(context, desk, outcome)
            : Problem.Of("version", "Must be the number of a version that is kept.");
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, SavedQueryDesk desk)
    {
        var outcome = await desk.DeleteAsync(context.User.ToUser(), id, CallerTrace.Of(context), context.RequestAborted);
        return outcome.Change == SavedChange.Done ? Results.NoContent() : Answer(context, desk, outcome);
    }

    private static async Task<IResult> HistoryAsync(HttpContext context, IQueryHistory history, TimeProvider time, string? limit = null)
    {
        var reader = new QueryReader();
        var most = reader.Limit(limit);
        if (reader.Refusal is { } refusal)
        {
            return refusal;
        }

        var found = await history.FindAsync(context.User.ToUser(), most + 1, context.RequestAborted);
        return Results.Ok(new ListAnswer<PastQueryJson>([.. found.Take(most).Select(PastQueryJson.Of)], null, time.GetUtcNow(), found.Count > most ? $"The newest {most} are listed; ask with limit=1000 for more." : null));
    }

    private static async Task<IResult> ForgetAsync(HttpContext context, IQueryHistory history)
    {
        await history.ClearAsync(context.User.ToUser(), context.RequestAborted);
        return Results.NoContent();
    }

    private static IResult Answer(HttpContext context, SavedQueryDesk desk, SavedOutcome outcome, bool isNew = false)
    {
        var present = outcome.Present is { } query ? SavedQueryJson.Of(query, context.User.ToUser()) : null;
        return outcome.Change switch
        {
            SavedChange.Done when isNew => Results.Created($"/api/saved-queries/{present!.Id}", present),
            SavedChange.Done => Results.Ok(present),
            SavedChange.NotThere => NotThere(),
            SavedChange.NotOwner => Problem.Of(StatusCodes.Status403Forbidden, $"This query is {present!.Owner}'s: only they rename, share or delete it. Save a copy of your own.", "id"),
            SavedChange.TooMany => Problem.Of(StatusCodes.Status409Conflict, $"You keep {desk.Options.SavedPerUser} queries, as many as are kept. Delete one first."),
            _ => Problem.Of(StatusCodes.Status409Conflict, $"“{present!.Name}” has changed since you saw it: {present.Latest.By} saved version {present.Latest.Version}. Look at it, then save again.", "revision", present),
        };
    }

    private static IResult NotThere() => Problem.Of(StatusCodes.Status404NotFound, "There is no such saved query, or it is not shared with you any more.", "id");
}
