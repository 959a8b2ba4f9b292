using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench;

/// <summary>How far a query is.</summary>
internal enum QueryState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>Why a query came to nothing, and where in its text (from 0), if that is known.</summary>
internal sealed record QueryProblem(string Reason, int? Position);

/// <summary>What is known of a query at one moment.</summary>
/// <param name="Cut">Why there are more rows than are kept; null when all are here.</param>
internal sealed record QueryProgress(
    QueryState State, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, IReadOnlyList<WarehouseColumn>? Columns, string? StatementId, string? Cut, QueryProblem? Problem);

/// <summary>A query somebody asked, from the moment it was taken until it is forgotten. Its progress changes as one, so that no reader sees halves.</summary>
internal sealed class QueryJob(string id, User user, WarehouseQuery query, DateTimeOffset askedAt, CallerTrace trace, ResultSpool spool) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private QueryProgress _progress = new(QueryState.Queued, null, null, null, null, null, null);
    private int _disposed;

    public string Id => id;

    /// <summary>The owner, as they were when they asked.</summary>
    public User User => user;

    public WarehouseQuery Query => query;

    public DateTimeOffset AskedAt => askedAt;

    public CallerTrace Trace => trace;

    public ResultSpool Spool => spool;

    public CancellationToken Cancelled => _cancel.Token;

    public QueryProgress Progress => Volatile.Read(ref _progress);

    public bool HasEnded => Progress.State is QueryState.Succeeded or QueryState.Failed or QueryState.Cancelled;

    /// <summary>Whose it is: the owner's, while the owner may see no more and no less than when it ran.</summary>
    public bool IsOf(User somebody) => somebody.Id == user.Id && somebody.Scope.Key == user.Scope.Key;

    public void Start(DateTimeOffset now) => Change(progress => progress with { State = QueryState.Running, StartedAt = now });

    public void Found(IWarehouseResult result) => Change(progress => progress with { Columns = result.Columns, StatementId = result.StatementId });

    public void End(QueryState state, DateTimeOffset now, string? cut = null, QueryProblem? problem = null) =>
        Change(progress => progress with { State = state, EndedAt = now, Cut = cut, Problem = problem });

    /// <summary>Ends it on the server; returns when that is told. Not to be called under a lock.</summary>
    public Task CancelAsync() => _cancel.CancelAsync();

    /// <summary>Forgets the rows; who reads them is cut off.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // Not disposed: it holds no timer, and a download may look at it still.
            _cancel.Cancel();
            spool.Dispose();
        }
    }

    private void Change(Func<QueryProgress, QueryProgress> change) => Volatile.Write(ref _progress, change(_progress));
}
