using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench.Unload;

/// <summary>What is known of an unloading at one moment.</summary>
internal sealed record UnloadProgress(QueryState State, DateTimeOffset? EndedAt, string? StatementId, UnloadedResult? Result, QueryProblem? Problem);

/// <summary>The whole rows of a query on their way into files, from its start until the files go.</summary>
/// <param name="queryId">The query whose rows they are.</param>
internal sealed class UnloadJob(string queryId, UnloadPlace place, User user, WarehouseQuery query, DateTimeOffset startedAt, CallerTrace trace) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private UnloadProgress _progress = new(QueryState.Running, null, null, null, null);

    public string QueryId => queryId;

    public UnloadPlace Place => place;

    /// <summary>The owner, as they were when they asked.</summary>
    public User User => user;

    public WarehouseQuery Query => query;

    public DateTimeOffset StartedAt => startedAt;

    public CallerTrace Trace => trace;

    public CancellationToken Cancelled => _cancel.Token;

    public UnloadProgress Progress => Volatile.Read(ref _progress);

    public bool HasEnded => Progress.State != QueryState.Running;

    /// <summary>Whose it is: the owner's, while the owner may see no more and no less than when it ran.</summary>
    public bool IsOf(User somebody) => somebody.Id == user.Id && somebody.Scope.Key == user.Scope.Key;

    public void Started(string statementId) => Volatile.Write(ref _progress, Progress with { StatementId = statementId });

    public void End(QueryState state, DateTimeOffset now, UnloadedResult? result = null, QueryProblem? problem = null) =>
        Volatile.Write(ref _progress, Progress with { State = state, EndedAt = now, Result = result, Problem = problem });

    /// <summary>Ends it on the server.</summary>
    public Task CancelAsync() => _cancel.CancelAsync();

    // The source is left as it is: it holds no timer, and who has found the job a moment ago may cancel it still.
    public void Dispose() => _cancel.Cancel();
}
