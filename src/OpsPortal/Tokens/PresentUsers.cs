using System.Collections.Concurrent;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;

namespace OpsPortal.Tokens;

/// <summary>
/// Notes who people are each time that changes, however they signed in: a personal token never does more than its maker may by
/// their latest sign-in.
/// </summary>
internal sealed class PresentUsers(RequestDelegate next, IKnownUsers users, TimeProvider time, ILogger<PresentUsers> logger)
{
    // Beyond this the memory begins anew: it only saves writes.
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, string> _noted = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.FindUser() is { OnlyVerbs: null } user && Now(user) is var now && _noted.GetValueOrDefault(user.Id) != now)
        {
            await NoteAsync(user, now, context.RequestAborted);
        }

        await next(context);
    }

    private async Task NoteAsync(User user, string now, CancellationToken cancellationToken)
    {
        try
        {
            await users.NoteAsync(user, time.GetUtcNow(), cancellationToken);
            if (_noted.Count >= MostRemembered)
            {
                _noted.Clear();
            }

            _noted[user.Id] = now;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.UserNotNoted(e);
        }
    }

    private static string Now(User user) => $"{string.Join(',', user.Roles.Order())}|{user.Scope.Key}";
}
