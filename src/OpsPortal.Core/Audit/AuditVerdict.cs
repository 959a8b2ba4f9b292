namespace OpsPortal.Core.Audit;

/// <summary>What a verification found.</summary>
/// <param name="Rows">Rows read; up to the break where there is one.</param>
/// <param name="Covered">The last row that a good head signs. Rows after it are not yet covered, which is no break.</param>
/// <param name="CoveredAt">When that head was signed.</param>
/// <param name="Heads">Good heads.</param>
/// <param name="Break">Where and how the audit is not what was written; null when it is intact.</param>
public sealed record AuditVerdict(long Rows, long Covered, DateTimeOffset? CoveredAt, long Heads, AuditBreak? Break)
{
    /// <summary>Whether everything is as it was written.</summary>
    public bool IsIntact => Break is null;

    /// <summary>In one sentence.</summary>
    public string Words => Break is { } broken
        ? $"Broken: {broken.Words}"
        : $"Intact: {Rows} rows, {Heads} heads; {(Rows > Covered ? $"rows {Covered + 1} to {Rows} are not yet covered by a head." : "all covered.")}";
}

/// <summary>Where and how the audit is broken.</summary>
/// <param name="FromRow">First row concerned; null when it is about heads alone.</param>
/// <param name="ToRow">Last row concerned.</param>
/// <param name="Head">The head that shows it; null where the chain itself does.</param>
/// <param name="Near">Time of the last good row before; null when there is none.</param>
/// <param name="Words">In a sentence.</param>
public sealed record AuditBreak(AuditBreakKind Kind, long? FromRow, long? ToRow, long? Head, DateTimeOffset? Near, string Words);

/// <summary>How the audit is broken.</summary>
public enum AuditBreakKind
{
    /// <summary>A row is not what was written.</summary>
    RowChanged,

    /// <summary>A row stands where none was written.</summary>
    RowInserted,

    /// <summary>Rows stand in another order.</summary>
    RowsReordered,

    /// <summary>Rows are missing between others.</summary>
    RowsMissing,

    /// <summary>The end is missing.</summary>
    TailCut,

    /// <summary>The chain is whole but not the one that was signed: it was made anew, or the whole audit replaced.</summary>
    RowsReplaced,

    /// <summary>A head is not there.</summary>
    HeadMissing,

    /// <summary>A head is not what was signed.</summary>
    HeadChanged,

    /// <summary>A head is signed with a key that is not ours.</summary>
    HeadForeign,
}
