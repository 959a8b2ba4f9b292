using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.Sessions;
using OpsPortal.SignIn.Alb;

namespace OpsPortal.SignIn;

/// <summary>Signs requests in by a session's id: in the cookie, as Bearer token, or in the query of a hub's handshake.</summary>
internal sealed class SessionScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionLife sessions, Refusals refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Session";

    // __Host-: over https only (or on localhost), from this very host, for all paths.
    public const string Cookie = "__Host-opsportal";

    private const string BearerPrefix = "Bearer ";

    private const string NotAllowed = "Your role may not do this.";

    private bool _presented;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindId() is not var (id, proof))
        {
            return AuthenticateResult.NoResult();
        }

        _presented = true;
        if (!SessionId.IsWellFormed(id) || await sessions.OpenAsync(id, IsUse(proof), Context.RequestAborted) is not { } session || !await IsVouchedForAsync(session))
        {
            return AuthenticateResult.Fail("The session is unknown, ended or expired.");
        }

        var identity = new SignedInIdentity(session.User, SessionId.Hash(id), SessionId.AntiforgeryToken(id), proof, session.ExpiresAt) { AuthenticatedAt = session.AuthenticatedAt, SaidAt = session.StartedAt, From = Context.Connection.RemoteIpAddress?.ToString() };
        var properties = new AuthenticationProperties { ExpiresUtc = session.ExpiresAt };
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Name));
    }

    // Pages lead to the sign-in page, everything else says 401.
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Request.IsForPage())
        {
            Response.Redirect($"/sign-in?returnUrl={Uri.EscapeDataString(LocalUrl.OrRoot(Request.Path + Request.QueryString))}");
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        var detail = _presented ? "The session is unknown, ended or expired. Sign in again." : "Sign in first: POST /sign-in/persona, then send the token as Authorization: Bearer.";
        if (_presented)
        {
            // Only where somebody showed a session: requests with nothing in their hands would fill the log for free.
            await refusals.NoteAsync(Context, detail);
        }

        await Problem.Of(StatusCodes.Status401Unauthorized, detail).ExecuteAsync(Context);
    }

    // Pages show the page that says so, everything else says 403; either way it is written down.
    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Request.IsForPage())
        {
            await refusals.NoteAsync(Context, NotAllowed);
            Response.Redirect("/not-allowed");
            return;
        }

        await refusals.RefuseAsync(Context, StatusCodes.Status403Forbidden, NotAllowed);
    }

    // Behind a load balancer that signs people in, a session holds only as long as it says so with each request. What it says itself ends the
    // session, and with it what stands open: a header that is missing or does not count says nothing of anybody.
    private async Task<bool> IsVouchedForAsync(Session session)
    {
        if (Context.RequestServices.GetService<AlbVoucher>() is not { } voucher)
        {
            return true;
        }

        var word = await voucher.AskAsync(Request, session.User, Context.RequestAborted);
        var desk = Context.RequestServices.GetRequiredService<SessionDesk>();
        switch (word)
        {
            case AlbWord.OfAnother:
                await desk.EndLeftAsync(session, "the load balancer speaks of somebody else", CancellationToken.None);
                break;
            case AlbWord.Changed:
                await desk.EndUnvouchedAsync(session, "the load balancer says other roles or another scope, or no role", CancellationToken.None);
                break;
        }

        return word == AlbWord.Same;
    }

    // A page that somebody opens and an act that somebody does; not what pages fetch, follow and report by themselves.
    private bool IsUse(Proof proof) =>
        proof == Proof.Bearer || Request.IsForPage() || (!Request.OnlyReads() && !ConnectionOwners.IsGuarded(Request.Path) && !Request.Path.StartsWithSegments(CspReports.Path));

    private (string Id, Proof Proof)? FindId()
    {
        var header = Request.Headers.Authorization;
        if (header.Count > 0)
        {
            // Whoever sends a header means it: a bad one is not made good by a cookie.
            var text = header.ToString();
            return (text.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? text[BearerPrefix.Length..].Trim() : "", Proof.Bearer);
        }

        // A browser cannot set headers on a WebSocket handshake.
        if (Request.Path.StartsWithSegments("/hubs") && Request.Query.TryGetValue("access_token", out var token))
        {
            return (token.ToString(), Proof.Bearer);
        }

        return Request.Cookies.TryGetValue(Cookie, out var cookie) ? (cookie, Proof.Cookie) : null;
    }
}
