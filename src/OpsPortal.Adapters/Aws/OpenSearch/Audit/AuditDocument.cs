using OpsPortal.Core.Audit;

namespace OpsPortal.Adapters.Aws.OpenSearch.Audit;

/// <summary>An audit row as kept.</summary>
/// <param name="Write">Of this one write alone: tells whose it was when an answer was lost.</param>
internal sealed record AuditDocument(
    long Number,
    DateTimeOffset At,
    string Who,
    string Act,
    string On,
    string? From,
    string Outcome,
    string? Detail,
    string? Correlation,
    string Hash,
    string Write)
{
    public static AuditDocument Of(AuditRow row, string write) => new(
        row.Number, row.Entry.At, row.Entry.Who, row.Entry.Act, row.Entry.On, row.Entry.From, row.Entry.Outcome, row.Entry.Detail, row.Entry.Correlation, row.Hash, write);

    public AuditRow ToRow() => new(Number, new AuditEntry(At, Who, Act, On, From, Outcome, Detail, Correlation), Hash);
}
