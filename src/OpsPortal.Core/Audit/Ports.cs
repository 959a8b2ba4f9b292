namespace OpsPortal.Core.Audit;

/// <summary>Append-only record of who did what. If it cannot be written, acts that need it are refused.</summary>
public interface IAuditLog
{
    /// <summary>Appends and returns only when kept.</summary>
    Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Newest first, before <paramref name="beforeNumber"/> (exclusive; null = from the newest).</summary>
    Task<IReadOnlyList<AuditRow>> FindAsync(long? beforeNumber, int limit, CancellationToken cancellationToken);
}

/// <summary>One act.</summary>
/// <param name="Who">Name of the user, or of the product's own loop.</param>
/// <param name="Act">signIn, signOut, refuse, acknowledge, desire, plantFault, …</param>
/// <param name="On">What it was done on (train, alert, …).</param>
/// <param name="From">Address of the caller, or null.</param>
/// <param name="Outcome">ok, refused, failed, alreadyAcknowledged, …</param>
/// <param name="Correlation">Id that ties the act to requests sent elsewhere.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Act, string On, string? From, string Outcome, string? Detail, string? Correlation);

/// <summary>An entry as kept: numbered, chained by hash.</summary>
public sealed record AuditRow(long Number, AuditEntry Entry, string Hash);
