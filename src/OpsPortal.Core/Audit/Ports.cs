namespace OpsPortal.Core.Audit;

/// <summary>Append-only record of who did what. If it cannot be written, acts that need it are refused.</summary>
public interface IAuditLog
{
    /// <summary>Appends and returns only when kept.</summary>
    Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Rows after a number (exclusive), oldest first, as they are in the store: what is missing there is missing here. Read piece by piece, so that any number of rows takes little memory.</summary>
    IAsyncEnumerable<AuditRow> ReadAsync(long after, long limit, CancellationToken cancellationToken);

    /// <summary>Rows that the query asks for, newest first.</summary>
    Task<IReadOnlyList<AuditRow>> FindAsync(AuditQuery query, CancellationToken cancellationToken);
}

/// <summary>Which rows. What is null does not narrow; texts are compared as a whole.</summary>
/// <param name="From">Time of the act, inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Before">Only rows before this number: the last of the page before.</param>
public sealed record AuditQuery(string? Who, string? Act, string? On, string? Outcome, string? Correlation, DateTimeOffset? From, DateTimeOffset? To, long? Before, int Limit)
{
    /// <summary>The newest rows, whatever they say.</summary>
    public static AuditQuery Newest(int limit, long? before = null) => new(null, null, null, null, null, null, null, before, limit);

    /// <summary>Whether the entry is among those asked for.</summary>
    public bool Includes(AuditEntry entry) =>
        (Who is null || Who == entry.Who) && (Act is null || Act == entry.Act) && (On is null || On == entry.On) && (Outcome is null || Outcome == entry.Outcome)
        && (Correlation is null || Correlation == entry.Correlation) && (From is null || entry.At >= From) && (To is null || entry.At < To);
}

/// <summary>One act.</summary>
/// <param name="Who">Name of the user, or of the product's own loop.</param>
/// <param name="Act">signIn, signOut, refuse, acknowledge, desire, plantFault, …</param>
/// <param name="On">What it was done on (train, alert, …).</param>
/// <param name="From">Address of the caller, or null.</param>
/// <param name="Outcome">ok, refused, failed, alreadyAcknowledged, …</param>
/// <param name="Correlation">Id that ties the act to requests sent elsewhere: <see cref="Correlations"/>.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Act, string On, string? From, string Outcome, string? Detail, string? Correlation);

/// <summary>An entry as kept: numbered, chained by hash.</summary>
public sealed record AuditRow(long Number, AuditEntry Entry, string Hash);
