using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench;

/// <summary>Takes queries, runs so many at the same time, keeps their results for a while. A query runs on when its asker has gone; only its owner finds it.</summary>
internal sealed class QueryDesk : BackgroundService
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly List<QueryJob> _jobs = [];

    // Whose queries are being written down, before they are jobs.
    private readonly List<string> _asking = [];
    private readonly Dictionary<string, int> _downloads = new(StringComparer.Ordinal);
    private readonly Dictionary<QueryJob, Task> _running = [];
    private readonly QueryRun _run;
    private readonly QueryAudit _audit;
    private readonly QueryNotes _notes;
    private readonly TimeProvider _time;
    private readonly string _folder;

    public QueryDesk(QueryRun run, QueryAudit audit, QueryNotes notes, IOptions<WorkbenchOptions> options, IConfiguration configuration, TimeProvider time, ILogger<QueryDesk> logger)
    {
        (_run, _audit, _notes, _time, Options) = (run, audit, notes, time, options.Value);
        _folder = Path.GetFullPath(Path.Combine(configuration["Data:Folder"] ?? "data", "queries"));
        Clear(logger);
    }

    public WorkbenchOptions Options { get; }

    /// <summary>Takes a query, or says why not. What cannot be audited is not run.</summary>
    /// <exception cref="QueryRefusedException">It is no single query, or its values are not what it asks for.</exception>
    /// <param name="overridden">What the guard said, where its limit was set aside; else null.</param>
    public async Task<(QueryJob? Job, string? TooMany)> AskAsync(User user, WarehouseQuery query, string? overridden, CallerTrace trace, CancellationToken cancellationToken)
    {
        QueryText.Read(query.Text).CheckValues(query.Parameters);
        lock (_lock)
        {
            if (TooManyNeedsLock(user) is { } many)
            {
                return (null, many);
            }

            // Its place is taken before anything is waited for.
            _asking.Add(user.Id);
        }

        QueryJob? job = null;
        try
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            await _audit.AskedAsync(id, user, query, overridden, trace, cancellationToken);
            Directory.CreateDirectory(_folder);
            job = new QueryJob(id, user, query, _time.GetUtcNow(), trace, new ResultSpool(Path.Combine(_folder, $"{id}.rows")));
            return (job, null);
        }
        finally
        {
            lock (_lock)
            {
                _asking.Remove(user.Id);
                if (job is not null)
                {
                    _jobs.Add(job);
                    StartWaitingNeedsLock();
                }
            }
        }
    }

    /// <summary>The user's own query; null when there is none of this id that is theirs.</summary>
    public QueryJob? Find(User user, string id)
    {
        lock (_lock)
        {
            return _jobs.Find(job => job.Id == id && job.IsOf(user));
        }
    }

    /// <summary>The user's own queries, newest first.</summary>
    public IReadOnlyList<QueryJob> FindAll(User user)
    {
        lock (_lock)
        {
            return [.. _jobs.Where(job => job.IsOf(user)).Reverse()];
        }
    }

    /// <summary>Ends a query that waits or runs, and downloads of it; forgets one that has ended.</summary>
    public async Task CancelAsync(QueryJob job)
    {
        var (waited, isOver) = (false, false);
        lock (_lock)
        {
            if (job.HasEnded)
            {
                isOver = _jobs.Remove(job);
            }
            else if (!_running.ContainsKey(job))
            {
                waited = true;
                job.End(QueryState.Cancelled, _time.GetUtcNow());
            }
        }

        // Not under the lock: this goes to the warehouse.
        await job.CancelAsync();
        if (isOver)
        {
            job.Dispose();
        }

        if (waited)
        {
            await _audit.EndedAsync(job);
            await _notes.KeepAsync(job);
        }
    }

    /// <summary>A place for a download that asks the warehouse again, or why there is none. Dispose it at the end.</summary>
    public (IDisposable? Place, string? TooMany) TakeDownload(User user)
    {
        lock (_lock)
        {
            var taken = _downloads.GetValueOrDefault(user.Id);
            if (taken >= Options.RunningPerUser)
            {
                return (null, $"You have {Options.RunningPerUser} downloads that run, as many as are taken. Wait for one.");
            }

            if (_downloads.Values.Sum() >= Options.Running)
            {
                return (null, $"{Options.Running} downloads of all users run, as many as are taken. Try again in some minutes.");
            }

            _downloads[user.Id] = taken + 1;
            return (new DownloadPlace(this, user.Id), null);
        }
    }

    /// <summary>Forgets what is too old or too much.</summary>
    public void Tidy()
    {
        List<QueryJob> gone;
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            gone = _jobs.Where(job => job.HasEnded && job.Progress.EndedAt + Options.KeepFor <= now).ToList();
            foreach (var user in _jobs.GroupBy(job => job.User.Id))
            {
                gone.AddRange(user.Where(job => job.HasEnded).SkipLast(Options.KeptPerUser));
            }

            var bytes = _jobs.Except(gone).Sum(job => job.Spool.Bytes);
            foreach (var job in _jobs.Where(job => job.HasEnded).Except(gone).ToList())
            {
                if (bytes <= Options.MaxBytes)
                {
                    break;
                }

                bytes -= job.Spool.Bytes;
                gone.Add(job);
            }

            _jobs.RemoveAll(gone.Contains);
        }

        // Not under the lock: downloads end on the server.
        gone.ForEach(job => job.Dispose());
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        List<QueryJob> jobs;
        lock (_lock)
        {
            (jobs, running) = ([.. _jobs], [.. _running.Values]);
        }

        // Statements end on the server before the process does.
        await Task.WhenAll(jobs.Select(job => job.CancelAsync())).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        lock (_lock)
        {
            _jobs.ForEach(job => job.Dispose());
            _jobs.Clear();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TidyEvery, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Tidy();
        }
    }

    private string? TooManyNeedsLock(User user)
    {
        var theirs = _jobs.Count(job => job.User.Id == user.Id && !job.HasEnded) + _asking.Count(asking => asking == user.Id);
        return theirs >= Options.RunningPerUser + Options.WaitingPerUser
            ? string.Create(CultureInfo.InvariantCulture, $"You have {theirs} queries that run or wait, as many as are taken. Wait for one, or cancel one.")
            : null;
    }

    private void StartWaitingNeedsLock()
    {
        foreach (var job in _jobs.Where(job => job.Progress.State == QueryState.Queued).ToList())
        {
            if (_running.Count >= Options.Running)
            {
                return;
            }

            if (!job.Cancelled.IsCancellationRequested && _running.Keys.Count(running => running.User.Id == job.User.Id) < Options.RunningPerUser)
            {
                job.Start(_time.GetUtcNow());
                _running[job] = Task.Run(() => RunAsync(job), CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(QueryJob job)
    {
        await _run.ToEndAsync(job, Options);
        await _audit.EndedAsync(job);
        await _notes.KeepAsync(job);
        lock (_lock)
        {
            _running.Remove(job);
            StartWaitingNeedsLock();
        }

        Tidy();
    }

    // Of a process that was killed. On Unix whoever still has one open keeps it.
    private void Clear(ILogger logger)
    {
        try
        {
            foreach (var file in Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*.rows") : [])
            {
                File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.OldResultsStay(_folder, e);
        }
    }

    private sealed class DownloadPlace(QueryDesk desk, string userId) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 1)
            {
                return;
            }

            lock (desk._lock)
            {
                if (--desk._downloads[userId] == 0)
                {
                    desk._downloads.Remove(userId);
                }
            }
        }
    }
}
