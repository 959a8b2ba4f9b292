using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Feed;

namespace OpsPortal.SignIn;

/// <summary>Begins and ends sessions. What cannot be audited is not done.</summary>
internal sealed class SignInDesk(ISessionStore sessions, IAuditLog audit, FeedConnections feeds, IOptions<SignInOptions> options, TimeProvider time)
{
    /// <summary>Begins a session and gives its cookie to the browser.</summary>
    /// <returns>The session's id: the token for scripts.</returns>
    public async Task<string> SignInAsync(HttpContext context, User user)
    {
        var now = time.GetUtcNow();
        var id = SessionId.New();
        await AuditAsync(context, user, "signIn");
        await sessions.KeepAsync(id, new Session(user, now, now + options.Value.Lifetime), context.RequestAborted);
        context.Response.Cookies.Append(SessionScheme.Cookie, id, CookieOptions(options.Value.Lifetime));
        return id;
    }

    /// <summary>Ends the request's session everywhere: cookie, token and open feeds.</summary>
    public async Task SignOutAsync(HttpContext context)
    {
        var identity = context.User.FindIdentity()!;
        await AuditAsync(context, identity.User, "signOut");
        await sessions.EndAsync(identity.SessionKey, context.RequestAborted);
        feeds.CloseSession(identity.SessionKey);
        context.Response.Cookies.Delete(SessionScheme.Cookie, CookieOptions(null));
    }

    private Task AuditAsync(HttpContext context, User user, string act) =>
        audit.AppendAsync(
            new AuditEntry(time.GetUtcNow(), user.Name, act, user.Id, context.Connection.RemoteIpAddress?.ToString(), "ok", null, context.TraceIdentifier),
            context.RequestAborted);

    private static CookieOptions CookieOptions(TimeSpan? maxAge) =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = maxAge };
}
