using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Tokens;

/// <summary>What a token is to be called and how long it holds.</summary>
/// <param name="Days">Null: as long as is allowed.</param>
internal sealed record MakeTokenRequest(string? Name, double? Days);

/// <summary>The new token.</summary>
/// <param name="Secret">For <c>Authorization: Bearer</c>; shown this once and kept nowhere.</param>
internal sealed record MadeTokenJson(string Id, string Name, string Secret, DateTimeOffset ExpiresAt);

/// <summary>A token without its secret.</summary>
internal sealed record TokenJson(string Id, string Name, string Maker, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? RevokedBy, bool Holds)
{
    public static TokenJson Of(PersonalToken token, DateTimeOffset now) =>
        new(token.Id, token.Name, token.MakerName, token.MadeAt, token.ExpiresAt, token.LastUsedAt, token.RevokedAt, token.RevokedBy, token.HoldsAt(now));
}

internal static class TokenEndpoints
{
    private const string MayNot = "Your role may not make personal tokens; a personal token itself never may.";
    private const double MostDays = 100_000;

    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tokens", FindAsync).WithTags("Tokens").WithSummary("Your personal tokens, newest first; for administrators with all=true everybody's.").Produces<ListAnswer<TokenJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapPost("/tokens", MakeAsync).WithTags("Tokens").WithSummary("Makes a personal token that reads what you may read; its secret is shown this once.").Produces<MadeTokenJson>().ProducesValidationProblem();
        api.MapDelete("/tokens/{id}", RevokeAsync).WithTags("Tokens").WithSummary("Revokes a token of yours; administrators revoke anybody's.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> FindAsync(HttpContext context, TokenDesk desk, Refusals refusals, TimeProvider time, string? all = null)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.MakeTokens))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);
        }

        if (all is not (null or "true" or "false"))
        {
            return Problem.Of("all", "Must be true or false.");
        }

        var now = time.GetUtcNow();
        var tokens = await desk.FindAsync(user, all == "true", context.RequestAborted);
        return Results.Ok(new ListAnswer<TokenJson>([.. tokens.Select(token => TokenJson.Of(token, now))], null, now, null));
    }

    private static async Task<IResult> MakeAsync(MakeTokenRequest? request, HttpContext context, TokenDesk desk, Refusals refusals, FreshProof proof)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.MakeTokens))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);
        }

        if (proof.IsNeeded(context.User))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, FreshProof.Why);
        }

        // Outside of what a time span can hold there is no need to ask the desk.
        var validFor = request?.Days is { } days ? TimeSpan.FromDays(Math.Clamp(days, -1, MostDays)) : (TimeSpan?)null;
        var (made, field, wrong) = await desk.MakeAsync(user, request?.Name, validFor, CallerTrace.Of(context), context.RequestAborted);
        return made is null ? Problem.Of(field!, wrong!) : Results.Ok(new MadeTokenJson(made.Token.Id, made.Token.Name, made.Secret, made.Token.ExpiresAt));
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, TokenDesk desk, Refusals refusals, FreshProof proof)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.MakeTokens))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);
        }

        if (user.May(Verb.EndSessions) && proof.IsNeeded(context.User) && !await desk.IsOwnAsync(user, id, context.RequestAborted))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, FreshProof.Why);
        }

        return await desk.RevokeAsync(user, id, CallerTrace.Of(context), context.RequestAborted)
            ? Results.NoContent()
            : Problem.Of(StatusCodes.Status404NotFound, "There is no such token.", "id");
    }
}
