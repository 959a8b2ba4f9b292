using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>A query on its way: its limits, and what its failures mean.</summary>
/// <param name="prefix">Characters of ours before the operator's text.</param>
internal sealed class RunningQuery(QueryText text, int prefix, long? rows, TimeSpan limit, TimeProvider time) : IDisposable
{
    // The server's limit comes first; ours ends what the server does not end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _tooLong = new(limit + Grace, time);
    private CancellationTokenSource? _both;
    private CancellationToken _callers;

    public long? Rows => rows;

    public TimeProvider Time => time;

    /// <summary>Seconds that the way to the server may be silent: the last of the limits, for a server that is gone without a word.</summary>
    public int CommandTimeout => (int)Math.Ceiling((limit + Grace + Grace).TotalSeconds);

    /// <summary>The caller's cancellation, and the time limit.</summary>
    public CancellationToken Token(CancellationToken callers)
    {
        if (_both is null || _callers != callers)
        {
            _both?.Dispose();
            (_both, _callers) = (CancellationTokenSource.CreateLinkedTokenSource(callers, _tooLong.Token), callers);
        }

        return _both.Token;
    }

    /// <summary>Does a step; a failure leaves the session to nobody, and is thrown as the port says.</summary>
    public ValueTask<T> GuardAsync<T>(Func<Task<T>> step, DatabaseSession session, CancellationToken callers) => GuardAsync(static step => step(), step, session, callers);

    /// <summary>The same for a step that is taken very often.</summary>
    public ValueTask<T> GuardAsync<T, TState>(Func<TState, Task<T>> step, TState state, DatabaseSession session, CancellationToken callers)
    {
        Task<T> taken;
        try
        {
            taken = step(state);
        }
        catch (Exception e)
        {
            taken = Task.FromException<T>(e);
        }

        return taken.IsCompletedSuccessfully ? new ValueTask<T>(taken) : WaitAsync(taken, session, callers);
    }

    private async ValueTask<T> WaitAsync<T>(Task<T> step, DatabaseSession session, CancellationToken callers)
    {
        try
        {
            return await step;
        }
        catch (Exception e) when (ServerProblem.Is(e) || e is OperationCanceledException)
        {
            session.Spoil();
            callers.ThrowIfCancellationRequested();
            throw e is OperationCanceledException
                ? new QueryCutException($"The time limit of {ServerProblem.InWords(limit)} ended the query ({session.Id}): the warehouse did not end it by itself. Ask for less, or for a shorter time.", session.Id, e)
                : ServerProblem.Of(e, session.Id, limit, PlaceOf);
        }
    }

    public void Dispose()
    {
        _both?.Dispose();
        _tooLong.Dispose();
    }

    private int? PlaceOf(int position) => text.PlaceOf(position - 1 - prefix);
}
