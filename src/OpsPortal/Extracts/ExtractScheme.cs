using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Extracts;

/// <summary>
/// Signs scripts in by an extract's token: for reading this one extract's manifest and fetching its files and merged downloads, as its maker is now, with
/// their present roles and scope.
/// </summary>
internal sealed class ExtractScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IExtractStore store, IKnownUsers users, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ExtractToken";

    private const string BearerPrefix = "Bearer ";

    /// <summary>Whether the request shows an extract's token, good or bad.</summary>
    public static bool IsShown(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(BearerPrefix + BearerSecret.OfExtract.Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsShown(Request))
        {
            return AuthenticateResult.NoResult();
        }

        var secret = Request.Headers.Authorization.ToString()[BearerPrefix.Length..].Trim();
        if (!BearerSecret.OfExtract.IsWellFormed(secret)
            || await store.FindByTokenAsync(BearerSecret.Hash(secret), Context.RequestAborted) is not { } extract
            || !extract.HoldsAt(time.GetUtcNow())
            || !IsOf(extract)
            || await users.GetAsync(extract.MakerId, Context.RequestAborted) is not { } maker)
        {
            return AuthenticateResult.Fail("The token is unknown, expired or revoked, or is not for this address.");
        }

        var identity = new SignedInIdentity(maker with { OnlyVerbs = Extract.TokenVerbs }, $"extract:{extract.Id}", "", Proof.Bearer, extract.EndsAt);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = extract.EndsAt }, Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Context.RequestServices.GetRequiredService<Refusals>().RefuseAsync(
            Context, StatusCodes.Status401Unauthorized, "The extract's token is unknown, expired or revoked, or is not for this address. Make a new one at /extracts.");
    }

    // This extract's manifest, files and merged downloads, and nothing but reading them.
    private bool IsOf(Extract extract) =>
        Request.OnlyReads()
        && Request.Path.StartsWithSegments($"/api/extracts/{extract.Id}", StringComparison.Ordinal, out var rest)
        && (rest == "/manifest" || rest.StartsWithSegments("/files", StringComparison.Ordinal) || rest.StartsWithSegments("/merged", StringComparison.Ordinal));
}
