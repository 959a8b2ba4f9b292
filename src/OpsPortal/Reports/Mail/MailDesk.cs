using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Mail;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Reports.Mail;
using OpsPortal.Tokens;

namespace OpsPortal.Reports.Mail;

/// <summary>Makes, lists, prolongs and ends reports by mail. What cannot be audited is not done.</summary>
internal sealed class MailDesk(IMailedReports store, IMailSender sender, IAuditLog audit, IOptions<MailOptions> options, TimeProvider time)
{
    /// <summary>What somebody is told who may not.</summary>
    public const string MayNot = "Your role may not have reports sent; a personal token never may.";

    /// <summary>What somebody is told where no mail goes.</summary>
    public const string NotSetUp = "No reports are sent by mail here: an administrator has not set up a mail server (Smtp:Host) and the domains that mails may go to (ReportMail:Domains).";

    private const int Most = 1_000;

    public MailOptions Options => options.Value;

    /// <summary>Whether mails can go at all.</summary>
    public bool IsSetUp => sender.IsSetUp && Options.Domains.Count > 0;

    /// <summary>Makes one; null when there are too many.</summary>
    public async Task<MailedReport?> MakeAsync(User owner, MailWish wish, CallerTrace trace, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = wish.Times.NextAfter(now);
        var report = new MailedReport(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), owner.Id, owner.Name, wish.To, wish.Report.Name, wish.Times, wish.Line, wish.Class, wish.TrainId, now, now + Options.HoldFor, due, due, null, null, 0);
        await AuditAsync(owner, "makeReportMail", report, "ok", trace, cancellationToken);
        if (await store.KeepAsync(report, Options.MostPerUser, cancellationToken))
        {
            return report;
        }

        await AuditAsync(owner, "makeReportMail", report, "refused", trace, CancellationToken.None);
        return null;
    }

    /// <summary>The user's own, or everybody's for who may end others' sessions.</summary>
    public Task<IReadOnlyList<MailedReport>> FindAsync(User user, bool all, CancellationToken cancellationToken) =>
        store.FindAsync(all && user.May(Verb.EndSessions) ? null : user.Id, Most, cancellationToken);

    /// <summary>One that the user may change; null when there is none or it is none of their business: the two look the same.</summary>
    /// <param name="orOthers">Whether who may end others' sessions may do this to anybody's.</param>
    public async Task<MailedReport?> GetAsync(User user, string id, bool orOthers, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) is { } report && (report.OwnerId == user.Id || (orOthers && user.May(Verb.EndSessions))) ? report : null;

    /// <summary>No more of these.</summary>
    public async Task DeleteAsync(User user, MailedReport report, CallerTrace trace, CancellationToken cancellationToken)
    {
        await AuditAsync(user, "endReportMail", report, "ok", trace, cancellationToken);
        await store.DeleteAsync(report.Id, cancellationToken);
    }

    /// <summary>They go on for as long as a new one would.</summary>
    public async Task<MailedReport?> ExtendAsync(User user, MailedReport report, CallerTrace trace, CancellationToken cancellationToken)
    {
        await AuditAsync(user, "prolongReportMail", report, "ok", trace, cancellationToken);
        await store.ExtendAsync(report.Id, time.GetUtcNow() + Options.HoldFor, cancellationToken);
        return await store.GetAsync(report.Id, cancellationToken);
    }

    private Task AuditAsync(User user, string act, MailedReport report, string outcome, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, act, report.Id, trace.From, outcome, Words(report), trace.Correlation), cancellationToken);

    /// <summary>What is sent to whom, in one line.</summary>
    public static string Words(MailedReport report)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{report.Report}{ReportQuestion.Narrowed(report.Line, report.Class, report.TrainId)}, every {WireJson.Word(report.Times.Every)} at {report.Times.At:HH:mm} {report.Times.Zone.Id}, of {report.OwnerName} to {report.To}");
    }
}
