using Microsoft.Extensions.Options;
using OpsPortal.SignIn;

namespace OpsPortal.Sessions;

/// <summary>Holds what stands open against its session, again and again: a page left open for a shift loses what its user has lost.</summary>
internal sealed class SessionWatch(LiveSessions live, SessionLife life, IOptions<SignInOptions> options, TimeProvider time, ILogger<SessionWatch> logger) : BackgroundService
{
    private const int AtOnce = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Parallel.ForEachAsync(live.Open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, LookAsync);
        }
    }

    private async ValueTask LookAsync((string Key, IReadOnlyList<Core.Access.User> Users) open, CancellationToken cancellationToken)
    {
        try
        {
            if (await life.LookAsync(open.Key, cancellationToken) is not { } session || open.Users.Any(user => !SessionDesk.SameRights(user, session.User)))
            {
                live.Close(open.Key);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Looked at again next time; meanwhile nobody new gets in without the store.
            logger.SessionNotChecked(e);
        }
    }
}
