using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Tokens;

namespace OpsPortal.Sessions;

/// <summary>Shows sessions and ends them: one's own, and anybody's for who may. What cannot be audited is not done.</summary>
internal sealed class SessionDesk(ISessionStore store, LiveSessions live, PresentUsers users, IAuditLog audit, TimeProvider time)
{
    /// <summary>Most sessions listed.</summary>
    public const int Most = 1_000;

    /// <summary>Sessions the user may see: their own, or all for who may end sessions.</summary>
    public Task<IReadOnlyList<Session>> FindAsync(User user, bool all, CancellationToken cancellationToken) =>
        store.FindAsync(all && user.May(Verb.EndSessions) ? null : user.Id, Most, cancellationToken);

    /// <summary>Whether there is such a session and it is the user's own.</summary>
    public async Task<bool> IsOwnAsync(User user, string key, CancellationToken cancellationToken) => (await store.GetByKeyAsync(key, cancellationToken))?.User.Id == user.Id;

    /// <summary>Ends one session.</summary>
    /// <returns>False when there is none, or it is none of the user's business: the two look the same.</returns>
    public async Task<bool> EndAsync(User by, string key, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (await store.GetByKeyAsync(key, cancellationToken) is not { } session || (session.User.Id != by.Id && !by.May(Verb.EndSessions)))
        {
            return false;
        }

        await AuditAsync(by.Name, session, $"by {by.Name}", trace, cancellationToken);
        await EndAsync(key, cancellationToken);
        return true;
    }

    /// <summary>Ends all sessions of a user: one's own, or anybody's for who may.</summary>
    /// <returns>How many; 0 also when it is none of the user's business.</returns>
    public async Task<int> EndAllAsync(User by, string userId, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (userId != by.Id && !by.May(Verb.EndSessions))
        {
            return 0;
        }

        var sessions = await store.FindAsync(userId, Most, cancellationToken);
        foreach (var session in sessions)
        {
            await AuditAsync(by.Name, session, $"by {by.Name}, all of theirs", trace, cancellationToken);
            await EndAsync(session.Key, cancellationToken);
        }

        return sessions.Count;
    }

    /// <summary>The provider says that somebody has signed out there. Rights that are gone are gone, whether that can be written down or not: the note comes after the act.</summary>
    public async Task EndOfProviderAsync(string issuer, string? subject, string? sessionId, CallerTrace trace, CancellationToken cancellationToken)
    {
        var ended = await store.EndOfProviderAsync(issuer, subject, sessionId, cancellationToken);
        foreach (var session in ended)
        {
            live.Close(session.Key);
        }

        await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), issuer, "providerSignOut", subject is null ? $"sid {sessionId}" : $"{issuer}|{subject}", trace.From, "ok", $"{ended.Count} ended", trace.Correlation), cancellationToken);
        foreach (var session in ended)
        {
            await AuditAsync(issuer, session, "by the provider (back channel)", trace, cancellationToken);
        }
    }

    /// <summary>The provider no longer vouches for the session's user: it ends, and their personal tokens open nothing until they sign in again.</summary>
    public async Task EndUnvouchedAsync(Session session, string why, CancellationToken cancellationToken)
    {
        await EndAsync(session.Key, cancellationToken);
        await users.NoteAsync(session.User with { Roles = new HashSet<Role>() }, cancellationToken);
        await AuditAsync("portal", session, why, new CallerTrace(null, Correlations.Present ?? session.Key), cancellationToken);
    }

    /// <summary>Somebody else has the session's browser: it ends, and nothing is known of its user.</summary>
    public async Task EndLeftAsync(Session session, string why, CancellationToken cancellationToken)
    {
        await EndAsync(session.Key, cancellationToken);
        await AuditAsync("portal", session, why, new CallerTrace(null, Correlations.Present ?? session.Key), cancellationToken);
    }

    /// <summary>The provider says that a session's user may now do or see something else.</summary>
    public async Task ChangeAsync(Session session, User now, ProviderSession provider, CancellationToken cancellationToken)
    {
        await store.RenewAsync(session.Key, now, provider, cancellationToken);
        if (SameRights(session.User, now))
        {
            return;
        }

        live.Close(session.Key);
        await users.NoteAsync(now, cancellationToken);
        await audit.AppendAsync(
            new AuditEntry(time.GetUtcNow(), now.Name, "changeRights", now.Id, null, "ok", $"{Rights(session.User)} → {Rights(now)}", Correlations.Present ?? session.Key), cancellationToken);
    }

    /// <summary>Whether two users may do and see the same.</summary>
    public static bool SameRights(User one, User other) => one.Roles.SetEquals(other.Roles) && one.Scope.Key == other.Scope.Key;

    private async Task EndAsync(string key, CancellationToken cancellationToken)
    {
        await store.EndAsync(key, cancellationToken);
        live.Close(key);
    }

    private static string Rights(User user) => $"{string.Join(", ", user.Roles.Order())}; {user.Scope.Key}";

    private Task AuditAsync(string who, Session session, string why, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(time.GetUtcNow(), who, "endSession", session.User.Id, trace.From, "ok", $"{session.User.Name}: {why}", trace.Correlation), cancellationToken);
}
