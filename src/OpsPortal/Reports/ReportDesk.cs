using System.Globalization;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Core.Reports;
using OpsPortal.Tokens;

namespace OpsPortal.Reports;

/// <summary>Makes reports for users, says what they do not know, and writes down who takes one away.</summary>
internal sealed class ReportDesk(ReportMaker maker, IAuditLog audit, IEnumerable<IServiceHealth> services, TimeProvider time)
{
    /// <summary>What somebody is told whose role gives no reports.</summary>
    public const string MayNot = "Your role may not read reports. If your work needs it, ask an administrator.";

    public ReportMaker Maker => maker;

    /// <summary>Makes a report. Throws as <see cref="ReportMaker.MakeAsync"/> does.</summary>
    public async Task<MadeReport> MakeAsync(User user, ReportKind kind, ReportQuestion question, CancellationToken cancellationToken)
    {
        var (report, facts) = await maker.MakeAsync(user, kind, question, cancellationToken);
        var behind = services.Select(service => service.Get()).FirstOrDefault(service => service is { Service: "warehouse filling", Problem: not null });
        var stale = behind is null ? maker.Stale(question, facts) : $"The warehouse falls behind, and with it this report: {behind.Problem}";
        return new MadeReport(report, facts, stale);
    }

    /// <summary>Writes down that a report is taken away as a file: what cannot be written down is not given.</summary>
    public Task NoteDownloadAsync(User user, Report report, CallerTrace trace, CancellationToken cancellationToken)
    {
        var question = report.Question;
        var detail = string.Create(CultureInfo.InvariantCulture, $"csv, {question.From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} to {question.End.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}{question.Narrowed()}");
        return audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "downloadReport", report.Kind.Name, trace.From, "ok", detail, trace.Correlation), cancellationToken);
    }
}

/// <summary>A report with what it was made from.</summary>
/// <param name="Stale">Why it may be out of date; null when it is not.</param>
internal sealed record MadeReport(Report Report, ReportFacts Facts, string? Stale);
