using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>Notices other processes' changes to a file by asking its data version again and again.</summary>
internal sealed class ChangeWatch : IDisposable
{
    private readonly Func<SqliteSession> _open;
    private readonly ChangeSignal _changes;
    private readonly string _store;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private SqliteSession? _session;
    private long? _seen;
    private bool _failed;
    private bool _disposed;

    public ChangeWatch(Func<SqliteSession> open, ChangeSignal changes, TimeSpan interval, TimeProvider time, string store, ILogger logger)
    {
        _open = open;
        _changes = changes;
        _store = store;
        _logger = logger;
        _timer = time.CreateTimer(_ => Look(), null, interval, interval);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _disposed = true;
            _session?.Dispose();
            _session = null;
        }
    }

    private void Look()
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (!_disposed && HasChangedNeedsLock())
            {
                _changes.Raise();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    private bool HasChangedNeedsLock()
    {
        try
        {
            var fresh = _session is null;
            _session ??= _open();
            var version = _session.Number("PRAGMA data_version");
            var changed = fresh || version != _seen;
            _seen = version;
            _failed = false;
            return changed;
        }
        catch (SqliteException e)
        {
            if (!_failed)
            {
                Log.CannotWatch(_logger, e, _store);
            }

            // Those who wait look for themselves, meet the problem and say so.
            _session?.Dispose();
            _session = null;
            _failed = true;
            return true;
        }
    }
}
