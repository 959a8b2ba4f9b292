using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts.Merged;

/// <summary>
/// Takes merged downloads, makes so many at the same time, keeps them for a while. One is made on when its asker has gone, and after a restart; only its maker finds it.
/// </summary>
internal sealed class MergedDesk(MergedShelf shelf, MergedRun run, MergedAudit audit, IOptions<MergedOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly List<MergedJob> _jobs = [];
    private readonly Dictionary<MergedJob, Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _isOpen;

    public MergedOptions Options => options.Value;

    /// <summary>Takes one, or says why not. What cannot be audited is not made.</summary>
    /// <exception cref="StoreUnavailableException">This process makes none, or cannot keep one.</exception>
    public async Task<(MergedJob? Job, string? TooMany)> AskAsync(User user, Extract extract, MergedFormat format, CallerTrace trace, CancellationToken cancellationToken)
    {
        CheckOpen();
        if (TooMany(user) is { } many)
        {
            return (null, many);
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var ask = new MergedAsk(id, extract.Id, user.Id, user.Name, user.Scope.Key, extract.Request, format, extract.Count, time.GetUtcNow(), trace);
        await audit.AskedAsync(ask, cancellationToken);
        var job = shelf.Begin(ask);
        lock (_lock)
        {
            _jobs.Add(job);
            StartWaitingNeedsLock();
        }

        return (job, null);
    }

    /// <summary>The user's own; null when there is none of this id that is theirs, of this extract.</summary>
    public MergedJob? Find(User user, string extractId, string id)
    {
        lock (_lock)
        {
            return _jobs.Find(job => job.Ask.Id == id && job.Ask.ExtractId == extractId && job.IsOf(user));
        }
    }

    /// <summary>The user's own, newest first.</summary>
    public IReadOnlyList<MergedJob> FindAll(User user)
    {
        lock (_lock)
        {
            return [.. _jobs.Where(job => job.IsOf(user)).Reverse()];
        }
    }

    /// <summary>Ends one that waits or is made, with what is written of it; forgets one that has ended.</summary>
    public async Task CancelAsync(MergedJob job, User user, CallerTrace trace, CancellationToken cancellationToken)
    {
        await audit.ActedAsync(job.Ask, user, job.HasEnded ? "removeMerged" : "cancelMerged", trace, cancellationToken);
        var waited = false;
        lock (_lock)
        {
            if (job.HasEnded)
            {
                ForgetNeedsLock(job);
                return;
            }

            job.Cancel();
            if (!_running.ContainsKey(job))
            {
                waited = true;
                job.Progress = job.Progress with { State = MergedState.Cancelled, EndedAt = time.GetUtcNow(), Waiting = null };
            }
        }

        if (waited)
        {
            await EndAsync(job);
        }
    }

    /// <summary>One that failed goes on where it was. False when it has not failed.</summary>
    public async Task<bool> ResumeAsync(MergedJob job, User user, CallerTrace trace, CancellationToken cancellationToken)
    {
        CheckOpen();
        if (job.Progress.State != MergedState.Failed)
        {
            return false;
        }

        await audit.ActedAsync(job.Ask, user, "resumeMerged", trace, cancellationToken);
        lock (_lock)
        {
            if (job.Progress.State != MergedState.Failed || !_jobs.Contains(job))
            {
                return false;
            }

            job.WaitAgain();
            StartWaitingNeedsLock();
        }

        return true;
    }

    /// <summary>Forgets what is too old.</summary>
    public void Tidy()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            _jobs.Where(job => job.HasEnded && job.Progress.EndedAt + Options.KeepFor <= now).ToList().ForEach(ForgetNeedsLock);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (shelf.TryTake())
        {
            lock (_lock)
            {
                _jobs.AddRange(shelf.ReadAll());
                // Those that a kill or the process's end has cut off go on.
                foreach (var job in _jobs.Where(job => !job.HasEnded))
                {
                    job.WaitAgain();
                }

                _isOpen = true;
                StartWaitingNeedsLock();
            }
        }

        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_lock)
        {
            _isOpen = false;
            running = [.. _running.Values];
        }

        try
        {
            await _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // A host that is taken down at once may dispose of its services before it stops them: then nothing runs any more.
        }

        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        // Only now may another process go on with them.
        shelf.Dispose();
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Tidy();
            await Task.Delay(TidyEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void CheckOpen()
    {
        if (!_isOpen)
        {
            throw new StoreUnavailableException("merged download", "this process makes none: it has no part Portal, is about to end, or another process has the data folder. Ask again in a few seconds.");
        }
    }

    private string? TooMany(User user)
    {
        lock (_lock)
        {
            var theirs = _jobs.Count(job => job.Ask.MakerId == user.Id && !job.HasEnded);
            return theirs >= Options.RunningPerUser + Options.WaitingPerUser
                ? string.Create(CultureInfo.InvariantCulture, $"You have {theirs} merged downloads that are made or wait, as many as are taken. Wait for one, or cancel one.")
                : null;
        }
    }

    private void StartWaitingNeedsLock()
    {
        foreach (var job in _jobs.Where(job => job.Progress.State == MergedState.Queued && !job.Cancelled.IsCancellationRequested).ToList())
        {
            if (!_isOpen || _running.Count >= Options.Running)
            {
                return;
            }

            if (!_running.ContainsKey(job) && _running.Keys.Count(running => running.Ask.MakerId == job.Ask.MakerId) < Options.RunningPerUser)
            {
                job.Progress = job.Progress with { State = MergedState.Running, StartedAt = job.Progress.StartedAt ?? time.GetUtcNow() };
                _running[job] = Task.Run(() => RunAsync(job), CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(MergedJob job)
    {
        try
        {
            await run.ToEndAsync(job, _stop.Token);
            await EndAsync(job);
        }
        catch (OperationCanceledException)
        {
            // The process ends: the next one goes on.
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(job);
                if (!_jobs.Contains(job))
                {
                    // Forgotten while its end was written down.
                    shelf.Remove(job);
                }

                StartWaitingNeedsLock();
            }
        }
    }

    private async Task EndAsync(MergedJob job)
    {
        if (job.Progress.State == MergedState.Cancelled)
        {
            shelf.RemoveRows(job);
        }

        shelf.TryKeep(job);
        await audit.EndedAsync(job);
    }

    private void ForgetNeedsLock(MergedJob job)
    {
        _jobs.Remove(job);
        shelf.Remove(job);
        job.Dispose();
    }
}
