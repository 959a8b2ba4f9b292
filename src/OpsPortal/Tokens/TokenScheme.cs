using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Tokens;

/// <summary>Signs API calls in by a personal token. The user is its maker as they are now: with their present roles and scope, and nothing but reading.</summary>
internal sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenCheck check, Refusals refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "PersonalToken";

    private const string BearerPrefix = "Bearer ";

    // Scripts read the API; pages, circuits and hubs are for people.
    private static readonly PathString[] Opens = ["/api", "/openapi"];

    /// <summary>Whether the request shows a personal token, good or bad.</summary>
    public static bool IsShown(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(BearerPrefix + BearerSecret.OfPerson.Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsShown(Request))
        {
            return AuthenticateResult.NoResult();
        }

        if (!Opens.Any(path => Request.Path.StartsWithSegments(path)))
        {
            return AuthenticateResult.Fail("A personal token opens the API only.");
        }

        var secret = Request.Headers.Authorization.ToString()[BearerPrefix.Length..].Trim();
        if (await check.FindAsync(secret, Context.RequestAborted) is not var (token, user))
        {
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        }

        var identity = new SignedInIdentity(user, $"token:{token.Id}", "", Proof.Bearer, token.ExpiresAt);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = token.ExpiresAt }, Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return refusals.RefuseAsync(Context, StatusCodes.Status401Unauthorized, "The token is unknown, expired or revoked, or this address is not part of the API. Make a new one at /tokens.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        refusals.RefuseAsync(Context, StatusCodes.Status403Forbidden, "A personal token may not do this.");
}

/// <summary>What a secret stands for at this moment.</summary>
internal sealed class TokenCheck(IPersonalTokenStore tokens, IKnownUsers users, TimeProvider time, ILogger<TokenCheck> logger)
{
    // "Last used" is for people who tidy up: to the minute is enough, and a busy script costs one write a minute.
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>The token and its maker as they are now; null when it opens nothing.</summary>
    public async Task<(PersonalToken Token, User User)?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!BearerSecret.OfPerson.IsWellFormed(secret)
            || await tokens.FindBySecretAsync(BearerSecret.Hash(secret), cancellationToken) is not { } token
            || !token.HoldsAt(now)
            // Who has no role any more sees nothing: not even what every role sees, which nobody asks a verb for.
            || await users.GetAsync(token.MakerId, cancellationToken) is not { Roles.Count: > 0 } maker)
        {
            return null;
        }

        if (token.LastUsedAt is not { } last || now - last >= NotedEvery)
        {
            await NoteUseAsync(token.Id, now, cancellationToken);
        }

        return (token, maker with { OnlyVerbs = PersonalToken.Verbs });
    }

    // Reading goes on when the note cannot be written.
    private async Task NoteUseAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await tokens.NoteUseAsync(id, now, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.UseNotNoted(id, e);
        }
    }
}
