using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;

namespace OpsPortal.Core.Shadows;

/// <summary>
/// The way back: follows the store's changes and brings each train's shadow to what its alerts ask for, then watches for
/// the train's own report. Level-triggered: what a train should be told is computed from its alerts each time, so a missed
/// change, a restart or two portals at once lead to the same document.
/// </summary>
public sealed class ShadowDelivery(IStoreChanges changes, IAlertStore alerts, TrainTelling telling, TimeProvider time, ILogger<ShadowDelivery> logger) : BackgroundService
{
    private const int MaxUndelivered = 1_000;

    // Trains told at once: one whose shadow does not answer must not hold the others up. Fewer than a service's connections.
    private const int AtOnce = 16;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // Trains to look at: bounded by the size of the fleet.
    private readonly Dictionary<string, Due> _due = new(StringComparer.Ordinal);

    // Trains being told beside the following of changes, each once at a time: bounded by the size of the fleet.
    private readonly Dictionary<string, Task<Told>> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(AtOnce, AtOnce);
    private readonly Random _chance = new(Environment.ProcessId);

    private sealed record Due(DateTimeOffset At, int Failures);

    private enum Outcome
    {
        Done,
        Waiting,
        Failed,
    }

    private sealed record Told(string TrainId, Due Before, Outcome Outcome);

    /// <summary>Runs until stopped.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                var cursor = await changes.GetCursorAsync(stoppingToken);
                await FindWorkAsync(stoppingToken);
                await foreach (var page in changes.FollowAsync(cursor, stoppingToken))
                {
                    Note(page);
                    await TellDueAsync(stoppingToken);
                    failures = 0;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.DeliveryFailed(logger, e);
                await Task.Delay(Pause(failures++), time, stoppingToken);
            }
        }
    }

    /// <summary>At start: every train with an open alert or an acknowledgement under way.</summary>
    private async Task FindWorkAsync(CancellationToken cancellationToken)
    {
        var undelivered = await alerts.FindUndeliveredAsync(null, MaxUndelivered, cancellationToken);
        var open = await alerts.FindAsync(Scope.WholeFleet, new AlertQuery(AlertStates.Open, null, null, null, null, null, MaxUndelivered), cancellationToken);
        foreach (var alert in undelivered.Concat(open))
        {
            _due[alert.Train.Id] = new Due(time.GetUtcNow(), 0);
        }
    }

    private void Note(StoreChanges page)
    {
        var now = time.GetUtcNow();
        foreach (var alert in page.Alerts)
        {
            _due[alert.Train.Id] = new Due(now, 0);
        }

        // A train that speaks may have reported: look at once. One that is silent is looked at when its time comes.
        foreach (var train in page.Trains)
        {
            if (_due.TryGetValue(train.Train.Identity.Id, out var due) && due.Failures == 0)
            {
                _due[train.Train.Identity.Id] = due with { At = now };
            }
        }
    }

    private async Task TellDueAsync(CancellationToken cancellationToken)
    {
        foreach (var (trainId, telling) in _underWay.Where(train => train.Value.IsCompleted).ToList())
        {
            _underWay.Remove(trainId);
            Note(await telling);
        }

        var now = time.GetUtcNow();
        foreach (var (trainId, due) in _due.Where(train => train.Value.At <= now && !_underWay.ContainsKey(train.Key)).ToList())
        {
            _underWay[trainId] = TellAsync(trainId, due, cancellationToken);
        }
    }

    // Whatever was noted meanwhile is newer than the outcome.
    private void Note(Told told)
    {
        if (!ReferenceEquals(_due.GetValueOrDefault(told.TrainId), told.Before))
        {
            return;
        }

        var (now, failures) = (time.GetUtcNow(), told.Before.Failures + 1);
        switch (told.Outcome)
        {
            case Outcome.Done:
                _due.Remove(told.TrainId);
                break;
            case Outcome.Waiting:
                _due[told.TrainId] = new Due(now + TimeSpan.FromSeconds(1), 0);
                break;
            default:
                _due[told.TrainId] = new Due(now + Pause(failures), failures);
                break;
        }
    }

    private async Task<Told> TellAsync(string trainId, Due due, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return new Told(trainId, due, await telling.TellAsync(trainId, cancellationToken) ? Outcome.Done : Outcome.Waiting);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.TellingFailed(logger, trainId, e);
            return new Told(trainId, due, Outcome.Failed);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _slots.Dispose();
    }

    // Doubles from 200 ms to 30 s, spread by half.
    private TimeSpan Pause(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(Longest.TotalMilliseconds, 200 * Math.Pow(2, Math.Min(failures, 20)))) * (0.5 + (_chance.NextDouble() / 2));
}
