using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Sessions;

/// <summary>A session, without what opens it.</summary>
/// <param name="Id">Names the session for ending it.</param>
/// <param name="Current">Whether it is the one that asks.</param>
internal sealed record SessionJson(string Id, string UserId, string User, DateTimeOffset StartedAt, DateTimeOffset UsedAt, DateTimeOffset EndsAt, string? From, string? Agent, bool Current)
{
    public static SessionJson Of(Session session, string? current) =>
        new(session.Key, session.User.Id, session.User.Name, session.StartedAt, session.UsedAt, session.IdleAt < session.ExpiresAt ? session.IdleAt : session.ExpiresAt, session.From, session.Agent, session.Key == current);
}

/// <summary>How many sessions were ended.</summary>
internal sealed record EndedJson(int Ended);

internal static class SessionEndpoints
{
    private const string NoScript = "A personal token looks after no sessions.";

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions", FindAsync).WithTags("Sessions").WithSummary("Your sessions, newest first; for administrators with all=true everybody's.").Produces<ListAnswer<SessionJson>>();
        api.MapDelete("/sessions", EndAllAsync).WithTags("Sessions").WithSummary("Signs you out everywhere; administrators with userId= somebody else.").Produces<EndedJson>();
        api.MapDelete("/sessions/{id}", EndAsync).WithTags("Sessions").WithSummary("Ends a session of yours; administrators end anybody's.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> FindAsync(HttpContext context, SessionDesk desk, Door.Refusals refusals, TimeProvider time, string? all = null)
    {
        if (context.User.ToUser() is not { OnlyVerbs: null } user)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, NoScript);
        }

        if (all is not (null or "true" or "false"))
        {
            return Problem.Of("all", "Must be true or false.");
        }

        var sessions = await desk.FindAsync(user, all == "true", context.RequestAborted);
        var limited = sessions.Count == SessionDesk.Most ? $"Only the newest {SessionDesk.Most} are listed." : null;
        return Results.Ok(new ListAnswer<SessionJson>([.. sessions.Select(session => SessionJson.Of(session, context.User.SessionKey()))], null, time.GetUtcNow(), limited));
    }

    private static async Task<IResult> EndAsync(string id, HttpContext context, SessionDesk desk, Door.Refusals refusals, FreshProof proof)
    {
        if (context.User.ToUser() is not { OnlyVerbs: null } user)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, NoScript);
        }

        if (user.May(Verb.EndSessions) && proof.IsNeeded(context.User) && !await desk.IsOwnAsync(user, id, context.RequestAborted))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, FreshProof.Why);
        }

        return await desk.EndAsync(user, id, CallerTrace.Of(context), context.RequestAborted) ? Results.NoContent() : Problem.Of(StatusCodes.Status404NotFound, "There is no such session.", "id");
    }

    private static async Task<IResult> EndAllAsync(HttpContext context, SessionDesk desk, Door.Refusals refusals, FreshProof proof, string? userId = null)
    {
        if (context.User.ToUser() is not { OnlyVerbs: null } user)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, NoScript);
        }

        if (userId is not null && userId != user.Id && user.May(Verb.EndSessions) && proof.IsNeeded(context.User))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, FreshProof.Why);
        }

        return userId is not null && userId != user.Id && !user.May(Verb.EndSessions)
            ? await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, "Your role may not end other people's sessions.")
            : Results.Ok(new EndedJson(await desk.EndAllAsync(user, userId ?? user.Id, CallerTrace.Of(context), context.RequestAborted)));
    }
}
