using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Tokens;

namespace OpsPortal.Audit;

/// <summary>Reads and verifies the audit, for who may.</summary>
internal sealed class AuditDesk(IAuditLog audit, HeadsFolder heads, HeadKeyFile keyFile, AuditWriting writing, TimeProvider time) : IDisposable
{
    // It reads everything: one at a time is enough for all who ask.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>What everybody else is told.</summary>
    public const string MayNot = "Your role may not read the audit; administrators may who see the whole fleet.";

    /// <summary>Whether the user may read the audit: it speaks of all trains, and so is for who sees all of them.</summary>
    public static bool Lets(User? user) => user is { Scope.IsWholeFleet: true } && user.May(Verb.ReadAudit);

    /// <summary>Rows, newest first.</summary>
    public Task<IReadOnlyList<AuditRow>> FindAsync(AuditQuery query, CancellationToken cancellationToken) => audit.FindAsync(query, cancellationToken);

    /// <summary>Verifies everything and writes down who asked and what came of it.</summary>
    /// <exception cref="FormatException">There is no key to verify with.</exception>
    public async Task<AuditVerdict> VerifyAsync(User by, CallerTrace trace, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        AuditVerdict verdict;
        try
        {
            using var keys = keyFile.Read(makes: false);
            verdict = await new AuditVerification(audit, heads, keys).RunAsync(progress, cancellationToken);
        }
        finally
        {
            _one.Release();
        }

        writing.NoteBroken(verdict.Break?.Words);
        await NoteAsync(by, "verifyAudit", verdict.IsIntact ? "intact" : "broken", verdict.Words, trace, cancellationToken);
        return verdict;
    }

    /// <summary>Writes down that somebody reads the audit. Reading goes on also when that cannot be written.</summary>
    public async Task NoteAsync(User by, string act, string outcome, string? detail, CallerTrace trace, CancellationToken cancellationToken)
    {
        try
        {
            await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), by.Name, act, "audit", trace.From, outcome, detail, trace.Correlation), cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Remembered and shown by AuditWriting.
        }
    }

    public void Dispose() => _one.Dispose();
}
