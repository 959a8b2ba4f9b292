using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;

namespace OpsPortal.Audit;

/// <summary>Whether what is done can be written down now, and whether what was written still holds.</summary>
internal sealed class AuditWriting(TimeProvider time) : IServiceHealth
{
    /// <summary>Name of the store in <see cref="StoreUnavailableException"/> when it is the audit that cannot be written.</summary>
    public const string Store = "audit";

    /// <summary>What somebody is told whose act was not done on that account.</summary>
    public const string Refusal = "This was not done: every act must be recorded, and the audit cannot be written now. Reading goes on. Try again in a few seconds.";

    private sealed record Stop(DateTimeOffset Since, string Problem);

    private Stop? _stopped;
    private DateTimeOffset? _wroteAt;
    private string? _broken;
    private string? _unsigned;

    /// <summary>Since when nothing can be written; null while it can.</summary>
    public DateTimeOffset? StoppedSince => Volatile.Read(ref _stopped)?.Since;

    public ServiceHealth Get() => new(Store, _wroteAt, Volatile.Read(ref _broken) ?? Volatile.Read(ref _unsigned) ?? (Volatile.Read(ref _stopped) is { } stopped ? $"nothing can be recorded, so acts are refused: {stopped.Problem}" : null));

    /// <summary>Something was written.</summary>
    public void NoteWritten() => (_stopped, _wroteAt) = (null, time.GetUtcNow());

    /// <summary>Something could not be written.</summary>
    public void NoteStopped(string problem) => Volatile.Write(ref _stopped, new Stop(StoppedSince ?? time.GetUtcNow(), problem));

    /// <summary>A verification found this; null: all is intact.</summary>
    public void NoteBroken(string? problem) => Volatile.Write(ref _broken, problem);

    /// <summary>No head could be signed, for this reason; null: one was, or need not be.</summary>
    public void NoteSigned(string? problem) => Volatile.Write(ref _unsigned, problem);

    /// <summary>Does what a form asks for, or says that it was not done for want of a record.</summary>
    public static async Task<string?> OrRefusalAsync(Func<Task<string?>> act)
    {
        try
        {
            return await act();
        }
        catch (StoreUnavailableException e) when (e.Store == Store)
        {
            return Refusal;
        }
    }
}

/// <summary>The audit as the portal uses it: whoever cannot write hears that it was the audit, whatever store it is in, and it is remembered for all to see.</summary>
internal sealed class WatchedAuditLog(IAuditLog kept, AuditWriting writing) : IAuditLog
{
    public async Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await kept.AppendAsync(entry, cancellationToken);
            writing.NoteWritten();
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var problem = e is StoreUnavailableException unavailable ? unavailable.Problem : e.Message;
            writing.NoteStopped(problem);
            throw new StoreUnavailableException(AuditWriting.Store, problem, e);
        }
    }

    public IAsyncEnumerable<AuditRow> ReadAsync(long after, long limit, CancellationToken cancellationToken) => kept.ReadAsync(after, limit, cancellationToken);

    public Task<IReadOnlyList<AuditRow>> FindAsync(AuditQuery query, CancellationToken cancellationToken) => kept.FindAsync(query, cancellationToken);
}
