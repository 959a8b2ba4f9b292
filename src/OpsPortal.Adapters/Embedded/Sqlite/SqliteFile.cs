using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>
/// One database file: one connection that writes, a few that read, and a signal when anything changed, also by another process.
/// A connection that failed is thrown away and opened anew for the next call, so that a store heals as soon as its cause is gone.
/// </summary>
internal sealed class SqliteFile(SqliteSchema schema, string folder, DataOptions options, TimeProvider time, ILogger logger) : IServiceHealth, IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _reading = new(options.ReadConnections);
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly ChangeSignal _changes = new();
    private readonly Lock _watching = new();
    private SqliteSession? _writer;
    private ChangeWatch? _watch;
    private ServiceHealth _health = new($"{schema.Store} store", null, null);
    private volatile bool _disposed;
    private volatile bool _migrated;

    /// <summary>Raised after each change: at once for those of this process, within the poll interval for others'.</summary>
    public ChangeSignal Changes
    {
        get
        {
            lock (_watching)
            {
                _watch ??= new ChangeWatch(() => Open(writes: false), _changes, options.PollInterval, time, schema.Store, logger);
            }

            return _changes;
        }
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, schema.FileName);

    public ServiceHealth Get() => Volatile.Read(ref _health);

    /// <summary>Runs the work in one transaction; when the task ends it is kept, also through a kill or a power cut.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        // Off the caller's thread: SQLite works in place, and the caller may be a browser's circuit.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        T result;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _writer ??= OpenAndMigrate();
            result = _writer.InTransaction(work, writes: true);
        }
        catch (Exception e) when (SqliteProblem.Of(e, options) is { } problem)
        {
            _writer?.Dispose();
            _writer = null;
            throw Unavailable(problem, e);
        }
        finally
        {
            _writing.Release();
        }

        SayWell();
        _changes.Raise();
        return result;
    }

    /// <summary>Runs the work in one transaction that changes nothing else than what it says.</summary>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs one statement that changes something.</summary>
    public Task RunAsync(string sql, CancellationToken cancellationToken, params SqlValue[] values) =>
        WriteAsync(session => { session.Run(sql, values); }, cancellationToken);

    /// <summary>Reads from one consistent state of the file.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        if (!_migrated)
        {
            await WriteAsync(static _ => { }, cancellationToken);
        }

        await _reading.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        SqliteSession? session = null;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            session = _readers.TryTake(out var idle) ? idle : Open(writes: false);
            var result = session.InTransaction(work, writes: false);
            Return(session);
            SayWell();
            return result;
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (SqliteProblem.Of(e, options) is { } problem)
            {
                throw Unavailable(problem, e);
            }

            throw;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        lock (_watching)
        {
            _watch?.Dispose();
        }

        _writing.Wait();
        _writer?.Dispose();
        _writer = null;
        _writing.Release();
        while (_readers.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private void Return(SqliteSession session)
    {
        _readers.Add(session);
        if (_disposed && _readers.TryTake(out var last))
        {
            last.Dispose();
        }
    }

    private SqliteSession OpenAndMigrate()
    {
        Directory.CreateDirectory(folder);
        var session = Open(writes: true);
        try
        {
            schema.Migrate(session);
            _migrated = true;
            return session;
        }
        catch (Exception)
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteSession Open(bool writes)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.RunScript($"PRAGMA busy_timeout={(int)options.BusyTimeout.TotalMilliseconds}");
            session.RunScript(writes
                // FULL: what is confirmed survives a power cut too; batches make it cheap.
                ? "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=ON"
                : "PRAGMA query_only=ON");
            return session;
        }
        catch (Exception)
        {
            session.Dispose();
            throw;
        }
    }

    private void SayWell() => _health = _health with { AsOf = time.GetUtcNow(), Problem = null };

    private StoreUnavailableException Unavailable(string problem, Exception cause)
    {
        _health = _health with { Problem = problem };
        return new StoreUnavailableException(schema.Store, $"{problem} ({schema.FileName})", cause);
    }
}
