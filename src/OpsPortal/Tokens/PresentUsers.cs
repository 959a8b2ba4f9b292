using System.Collections.Concurrent;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;

namespace OpsPortal.Tokens;

/// <summary>
/// Notes who people are each time that changes, however they signed in: a personal token never does more than its maker may by what was
/// said of them last. An older session, or an access token made earlier, does not bring back what has been taken away since.
/// </summary>
internal sealed class PresentUsers(IKnownUsers users, TimeProvider time, ILogger<PresentUsers> logger) : IMiddleware
{
    // Beyond this the memory begins anew: it only saves writes.
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, (string Rights, DateTimeOffset SaidAt)> _noted = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.FindIdentity() is { User: { OnlyVerbs: null } user, SaidAt: var saidAt } && !IsNoted(user, saidAt))
        {
            await TryNoteAsync(user, saidAt, context.RequestAborted);
        }

        await next(context);
    }

    /// <summary>Notes what holds of a user from now on, whatever was noted before: other processes may have noted something since.</summary>
    public Task NoteAsync(User user, CancellationToken cancellationToken) => NoteAsync(user, time.GetUtcNow(), cancellationToken);

    /// <summary>Notes what was said of a user at that moment; where that cannot be written, their tokens keep to what was noted before.</summary>
    public async Task TryNoteAsync(User user, DateTimeOffset saidAt, CancellationToken cancellationToken)
    {
        try
        {
            await NoteAsync(user, saidAt, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.UserNotNoted(e);
        }
    }

    private async Task NoteAsync(User user, DateTimeOffset saidAt, CancellationToken cancellationToken)
    {
        await users.NoteAsync(user, saidAt, cancellationToken);
        if (_noted.Count >= MostRemembered)
        {
            _noted.Clear();
        }

        _noted.AddOrUpdate(user.Id, (Rights(user), saidAt), (_, kept) => kept.SaidAt > saidAt ? kept : (Rights(user), saidAt));
    }

    private bool IsNoted(User user, DateTimeOffset saidAt) => _noted.TryGetValue(user.Id, out var kept) && (kept.SaidAt > saidAt || kept.Rights == Rights(user));

    private static string Rights(User user) => $"{string.Join(',', user.Roles.Order())}|{user.Scope.Key}";
}
