using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Sessions;
using OpsPortal.Tokens;

namespace OpsPortal.SignIn;

/// <summary>Begins and ends sessions. What cannot be audited is not done.</summary>
internal sealed class SignInDesk(ISessionStore sessions, IAuditLog audit, LiveSessions live, PresentUsers users, IOptions<SignInOptions> options, TimeProvider time)
{
    private const int LongestAgent = 200;

    /// <summary>Begins a session and gives its cookie to the browser. The one that the browser had before is over then, and not before.</summary>
    /// <param name="authenticatedAt">When the person proved who they are; null for now.</param>
    /// <param name="provider">What ties the session to an identity provider.</param>
    /// <returns>The session's id: the token for scripts. Null when the user, or the address, has too many sessions already.</returns>
    public async Task<string?> SignInAsync(HttpContext context, User user, DateTimeOffset? authenticatedAt = null, ProviderSession? provider = null)
    {
        var (now, limits, cancellationToken) = (time.GetUtcNow(), options.Value, context.RequestAborted);
        var former = await FindFormerAsync(context);
        if (await sessions.CountAsync(user.Id, cancellationToken) - (former?.User.Id == user.Id ? 1 : 0) >= limits.SessionsPerUser)
        {
            await AuditAsync(context, user, "signIn", "refused", "too many sessions at the same time (SignIn:SessionsPerUser)");
            return null;
        }

        var from = context.Connection.RemoteIpAddress?.ToString();
        if (from is not null && await sessions.CountFromAsync(from, cancellationToken) - (former?.From == from ? 1 : 0) >= limits.SessionsPerAddress)
        {
            await AuditAsync(context, user, "signIn", "refused", "too many sessions from this address at the same time (SignIn:SessionsPerAddress)");
            return null;
        }

        var id = SessionId.New();
        var agent = ClaimsReader.Plain(context.Request.Headers.UserAgent.ToString());
        await AuditAsync(context, user, "signIn", "ok", null);
        var session = new Session(user, now, now + limits.Lifetime)
        {
            IdleAt = now + (limits.IdleFor < limits.Lifetime ? limits.IdleFor : limits.Lifetime),
            AuthenticatedAt = authenticatedAt ?? now,
            From = from,
            Agent = agent.Length > LongestAgent ? agent[..LongestAgent] : agent,
            Provider = provider,
        };
        await sessions.KeepAsync(id, session, cancellationToken);
        await users.TryNoteAsync(user, session.StartedAt, cancellationToken);
        await EndFormerAsync(former, cancellationToken);
        context.Response.Cookies.Append(SessionScheme.Cookie, id, CookieOptions(limits.Lifetime));
        return id;
    }

    /// <summary>Ends the request's session everywhere: cookie, token, open feeds and circuits.</summary>
    /// <returns>The session that has ended; null when it had before.</returns>
    public async Task<Session?> SignOutAsync(HttpContext context)
    {
        var identity = context.User.FindIdentity()!;
        await AuditAsync(context, identity.User, "signOut", "ok", null);
        var session = await sessions.GetByKeyAsync(identity.SessionKey, context.RequestAborted);
        await sessions.EndAsync(identity.SessionKey, context.RequestAborted);
        live.Close(identity.SessionKey);
        context.Response.Cookies.Delete(SessionScheme.Cookie, CookieOptions(null));
        return session;
    }

    private async Task<Session?> FindFormerAsync(HttpContext context) =>
        context.Request.Cookies[SessionScheme.Cookie] is { } former && SessionId.IsWellFormed(former) ? await sessions.GetAsync(former, context.RequestAborted) : null;

    // Signing in gives a new id, and whoever knew the old one has nothing more of it.
    private async Task EndFormerAsync(Session? former, CancellationToken cancellationToken)
    {
        if (former is not null)
        {
            await sessions.EndAsync(former.Key, cancellationToken);
            live.Close(former.Key);
        }
    }

    private Task AuditAsync(HttpContext context, User user, string act, string outcome, string? detail)
    {
        var trace = CallerTrace.Of(context);
        return audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, act, user.Id, trace.From, outcome, detail, trace.Correlation), context.RequestAborted);
    }

    private static CookieOptions CookieOptions(TimeSpan? maxAge) =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = maxAge };
}
