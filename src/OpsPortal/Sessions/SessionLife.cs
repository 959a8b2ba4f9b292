using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.SignIn;

namespace OpsPortal.Sessions;

/// <summary>Whether a session still holds: its own limits, and what the provider says when it is time to ask.</summary>
internal sealed class SessionLife(ISessionStore store, SessionDesk desk, IOptions<SignInOptions> options, TimeProvider time, IEnumerable<ISessionCheck> checks, ILogger<SessionLife> logger)
{
    // "Last used" is kept to the minute at most: a busy page costs one write a minute.
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    private readonly ISessionCheck? _check = checks.SingleOrDefault();

    /// <summary>The session that the id opens, or null.</summary>
    /// <param name="isUse">Whether a person did something, rather than a page by itself.</param>
    public async Task<Session?> OpenAsync(string id, bool isUse, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(id, cancellationToken) is not { } session || await CheckedAsync(session, cancellationToken) is not { } now)
        {
            return null;
        }

        if (isUse)
        {
            await NoteUseAsync(now, cancellationToken);
        }

        return now;
    }

    /// <summary>The session as it stands, or null when it is over: for connections that stay open.</summary>
    public async Task<Session?> LookAsync(string key, CancellationToken cancellationToken) =>
        await store.GetByKeyAsync(key, cancellationToken) is { } session ? await CheckedAsync(session, cancellationToken) : null;

    private async Task NoteUseAsync(Session session, CancellationToken cancellationToken)
    {
        var (now, idle) = (time.GetUtcNow(), options.Value.IdleFor);
        if (now - session.UsedAt < (idle / 4 < NotedEvery ? idle / 4 : NotedEvery))
        {
            return;
        }

        try
        {
            await store.NoteUseAsync(session.Key, now, now + idle < session.ExpiresAt ? now + idle : session.ExpiresAt, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            // Reading goes on while nothing can be written; at worst the session is idle too early.
            logger.UseNotNoted(e);
        }
    }

    private async Task<Session?> CheckedAsync(Session session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (session.Provider is not { } provider || _check is null || provider.CheckAt > now
            // One of all nodes and requests asks: a refresh token that is used twice is taken for a stolen one.
            || !await IsMineToAskAsync(session.Key, now, now + _check.Every, cancellationToken))
        {
            return session;
        }

        // What is begun here is finished, also when the browser has gone: a renewed token that is not kept is lost.
        var verdict = await _check.AskAsync(session, CancellationToken.None);
        if (verdict.Why is { } why)
        {
            await desk.EndUnvouchedAsync(session, why, CancellationToken.None);
            return null;
        }

        if (verdict is not { User: { } user, Provider: { } renewed })
        {
            return session;
        }

        await desk.ChangeAsync(session, user, renewed, CancellationToken.None);
        return session with { User = user, Provider = renewed };
    }

    // While nothing can be written a renewed token could not be kept either: then nobody asks, as when the provider is away.
    private async Task<bool> IsMineToAskAsync(string key, DateTimeOffset now, DateTimeOffset next, CancellationToken cancellationToken)
    {
        try
        {
            return await store.TryClaimCheckAsync(key, now, next, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            logger.SessionNotChecked(e);
            return false;
        }
    }
}
