using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench.Unload;

/// <summary>Unloads whole results in the background, one of a user at a time; only their owner finds them. Files that are over go here, also those of processes that are no more.</summary>
internal sealed class UnloadDesk(IUnloading unloading, QueryRun run, QueryAudit audit, IOptions<WorkbenchOptions> options, TimeProvider time, ILogger<UnloadDesk> logger) : BackgroundService
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<UnloadJob> _jobs = [];
    private readonly Dictionary<UnloadJob, Task> _running = [];

    /// <summary>Why nothing can be unloaded here; null when it can.</summary>
    public string? Absent => unloading.Absent;

    /// <summary>Begins to unload a query's rows, or says why not. What cannot be audited is not begun.</summary>
    /// <param name="overridden">What the guard said, where its limit was set aside; else null.</param>
    public async Task<(UnloadJob? Job, string? TooMany)> BeginAsync(QueryJob query, User user, string? overridden, CallerTrace trace, CancellationToken cancellationToken)
    {
        var place = unloading.NewPlace(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var job = new UnloadJob(query.Id, place, user, query.Query with { Rows = null, Time = null }, time.GetUtcNow(), trace);
        lock (_lock)
        {
            if (TooManyNeedsLock(job) is { } many)
            {
                return (null, many);
            }

            // Its place is taken before anything is waited for.
            ForgetNeedsLock(old => old.QueryId == job.QueryId && old.IsOf(user));
            _jobs.Add(job);
        }

        try
        {
            await audit.UnloadedAsync(job, overridden, cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                ForgetNeedsLock(refused => refused == job);
            }

            throw;
        }

        lock (_lock)
        {
            _running[job] = Task.Run(() => RunAsync(job), CancellationToken.None);
        }

        return (job, null);
    }

    /// <summary>The user's own files of a query; null when there are none that are theirs.</summary>
    public UnloadJob? Find(User user, string queryId)
    {
        lock (_lock)
        {
            return _jobs.Find(job => job.QueryId == queryId && job.IsOf(user) && time.GetUtcNow() < job.Place.Until);
        }
    }

    /// <summary>Ends one that runs, on the server; removes the files of one that has ended.</summary>
    /// <returns>Why files are left for later; null when none are.</returns>
    public async Task<string?> EndAsync(UnloadJob job, CancellationToken cancellationToken)
    {
        if (!job.HasEnded)
        {
            await job.CancelAsync();
            return null;
        }

        var removal = await unloading.RemoveAsync(job.Place, cancellationToken);
        Tell([removal]);
        lock (_lock)
        {
            ForgetNeedsLock(ended => ended == job);
        }

        return removal.Problem;
    }

    /// <summary>An address of a file, written down before it is given; null when there is no such file.</summary>
    public async Task<Uri?> LinkAsync(UnloadJob job, User user, string name, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (job.Progress.Result?.Files.Any(file => file.Name == name) != true || await unloading.LinkAsync(job.Place, name, cancellationToken) is not { } way)
        {
            return null;
        }

        await audit.UnloadedFileGivenAsync(job, user, name, trace, cancellationToken);
        return way.Address;
    }

    /// <summary>Removes what is over, and forgets it.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        if (Absent is not null)
        {
            return;
        }

        var now = time.GetUtcNow();
        Tell(await unloading.RemoveEndedAsync(cancellationToken));
        lock (_lock)
        {
            ForgetNeedsLock(job => job.HasEnded && job.Place.Until <= now);
        }
    }

    /// <summary>Ends what runs on the server before the process does.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        List<UnloadJob> jobs;
        lock (_lock)
        {
            (jobs, running) = ([.. _jobs], [.. _running.Values]);
        }

        await Task.WhenAll(jobs.Select(job => job.CancelAsync())).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (Absent is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TidyAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.FilesNotTidied(e);
            }

            await Task.Delay(TidyEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void ForgetNeedsLock(Predicate<UnloadJob> isOver)
    {
        foreach (var job in _jobs.FindAll(isOver))
        {
            _jobs.Remove(job);
            job.Dispose();
        }
    }

    private string? TooManyNeedsLock(UnloadJob wanted)
    {
        var running = _jobs.Where(job => !job.HasEnded).ToList();
        if (running.Exists(job => job.User.Id == wanted.User.Id))
        {
            return "Files of yours are being written already, and one query's at a time is taken. Wait for them, or cancel.";
        }

        return running.Count >= options.Value.Unloading
            ? string.Create(CultureInfo.InvariantCulture, $"Files of {running.Count} queries are being written, as many as at the same time are taken. Try again in some minutes.")
            : null;
    }

    private async Task RunAsync(UnloadJob job)
    {
        try
        {
            var result = await unloading.UnloadAsync(job.User, job.Query, job.Place, job.Started, job.Cancelled);
            job.End(QueryState.Succeeded, time.GetUtcNow(), result);
        }
        catch (Exception e)
        {
            var isCancelled = job.Cancelled.IsCancellationRequested;
            await ClearAsync(job);
            job.End(isCancelled ? QueryState.Cancelled : QueryState.Failed, time.GetUtcNow(), problem: isCancelled ? null : run.Problem(job.QueryId, e));
        }

        await audit.UnloadEndedAsync(job);
        lock (_lock)
        {
            _running.Remove(job);
        }
    }

    // Parts of a result are nobody's. What a server writes after this goes at its time, and so does what cannot be removed now.
    private async Task ClearAsync(UnloadJob job)
    {
        try
        {
            Tell([await unloading.RemoveAsync(job.Place, CancellationToken.None)]);
        }
        catch (Exception e)
        {
            logger.FilesNotTidied(e);
        }
    }

    private void Tell(IReadOnlyList<UnloadRemoval> removals)
    {
        foreach (var removal in removals)
        {
            if (removal.Problem is { } problem)
            {
                logger.FilesStay(removal.Place, problem);
            }
            else if (removal.Removed > 0)
            {
                logger.FilesRemoved(removal.Removed, removal.Place);
            }
        }
    }
}
