using OpsPortal.Core.Audit;

namespace OpsPortal.Audit;

/// <summary>A row of the audit.</summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="From">Address it was done from; null for the product's own loops.</param>
/// <param name="Correlation">Ties it to other acts, to the log, and to requests to AWS.</param>
/// <param name="Hash">Over this row and the hash of the one before.</param>
internal sealed record AuditRowJson(long Number, DateTimeOffset At, string Who, string Act, string On, string? From, string Outcome, string? Detail, string? Correlation, string Hash)
{
    public static AuditRowJson Of(AuditRow row) =>
        new(row.Number, row.Entry.At, row.Entry.Who, row.Entry.Act, row.Entry.On, row.Entry.From, row.Entry.Outcome, row.Entry.Detail, row.Entry.Correlation, row.Hash);
}

/// <summary>What a verification found.</summary>
/// <param name="Words">In one sentence.</param>
/// <param name="Rows">Rows that are as they were written; up to the break where there is one.</param>
/// <param name="CoveredRows">The last row that a signed head covers.</param>
/// <param name="Break">Where and how it is broken; null when it is intact.</param>
internal sealed record AuditVerdictJson(bool Intact, string Words, long Rows, long CoveredRows, DateTimeOffset? CoveredAt, long Heads, AuditBreak? Break, DateTimeOffset AsOf)
{
    public static AuditVerdictJson Of(AuditVerdict verdict, DateTimeOffset asOf) =>
        new(verdict.IsIntact, verdict.Words, verdict.Rows, verdict.Covered, verdict.CoveredAt, verdict.Heads, verdict.Break, asOf);
}
