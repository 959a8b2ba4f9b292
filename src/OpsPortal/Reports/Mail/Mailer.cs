using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Core.Mail;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Reports.Mail;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Reports.Mail;

/// <summary>
/// Makes the reports that are due and hands them to the mail server. Each is written down before it goes; one that was not taken is tried again until the next is due. Who is killed
/// between the server's yes and the note of it sends the same mail once more, with the same Message-ID: a mail too many is better than one too few.
/// </summary>
internal sealed class Mailer(
    IMailedReports store, MailDesk desk, ReportDesk reports, IMailSender sender, IKnownUsers users, IAuditLog audit, TimeProvider time, MailHealth health, Random chance, ILogger<Mailer> logger)
    : BackgroundService
{
    // Longer than a report and a mail take together: they are taken one by one.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(20);

    private MailOptions Options => desk.Options;

    /// <summary>Sends the newest report of these now, besides those that are due.</summary>
    /// <exception cref="MailNotTakenException">It was not taken; says why.</exception>
    public async Task SendNowAsync(MailedReport mailed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await SendAsync(mailed, mailed.Times.LastUntil(now), $"{mailed.Id}.{now.UtcTicks:x}", cancellationToken);
        await store.NoteSentAsync(mailed.Id, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Does what is due now, and returns when none is left.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        while (time.GetUtcNow() is var now && await store.TakeDueAsync(now, now + Lease, 1, cancellationToken) is [var mailed])
        {
            await store.NoteAsync(await TryAsync(mailed.Newest(now), cancellationToken), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!desk.IsSetUp)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A store that cannot be had now: what is due stays due.
                logger.NotLookedFor(e);
                health.NoteProblem($"What is due cannot be looked for: {e.Message}");
            }

            await Task.Delay(Options.LookEvery, time, stoppingToken);
        }
    }

    private async Task<MailedReport> TryAsync(MailedReport mailed, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(mailed, mailed.DueAt, $"{mailed.Id}.{mailed.DueAt.UtcTicks:x}", cancellationToken);
            health.NoteSent();
            return mailed.Sent(time.GetUtcNow());
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.NotMailed(mailed.Id, e);
            var (words, isFinal) = e switch
            {
                MailNotTakenException refused => (refused.Message, refused.IsFinal),
                StoreUnavailableException unavailable => (unavailable.Message, false),
                _ => ("The report could not be made. An administrator finds the reason in the log.", false),
            };
            if (!isFinal)
            {
                health.NoteProblem(words);
            }

            var now = time.GetUtcNow();
            return isFinal ? mailed.GivenUp(words, now) : mailed.Failed(words, now, Wait(mailed.Tries));
        }
    }

    private async Task SendAsync(MailedReport mailed, DateTimeOffset dueAt, string key, CancellationToken cancellationToken)
    {
        if (await users.GetAsync(mailed.OwnerId, cancellationToken) is not { } owner || !owner.May(Verb.MailReports))
        {
            throw new MailNotTakenException("Its owner's role gives no reports by mail any more.", isFinal: true);
        }

        if (!Options.Takes(mailed.To))
        {
            throw new MailNotTakenException("Reports may not go to this address any more (ReportMail:Domains).", isFinal: true);
        }

        var (from, to) = mailed.Times.About(dueAt);
        var question = reports.Maker.Ask(from, to, mailed.Times.Zone, mailed.Line, mailed.Class, mailed.TrainId);
        var made = await ReportOrWhyAsync(owner, mailed, question, cancellationToken);
        await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), owner.Name, "mailReport", mailed.Id, null, "ok", MailDesk.Words(mailed), key), cancellationToken);
        await sender.SendAsync(ReportLetter.Of(mailed, made, key, Options.PublicAddress), cancellationToken);
    }

    private async Task<MadeReport> ReportOrWhyAsync(User owner, MailedReport mailed, ReportQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return await reports.MakeAsync(owner, ReportKind.Find(mailed.Report)!, question, cancellationToken);
        }
        catch (WarehouseDeniedException e)
        {
            throw new MailNotTakenException(e.Message, isFinal: true, e);
        }
        catch (QueryCutException e)
        {
            throw new MailNotTakenException($"The report could not be made in time ({e.Message.TrimEnd('.')}).", isFinal: false, e);
        }
        catch (QueryFailedException e)
        {
            throw new MailNotTakenException("The warehouse could not answer what the report asks. An administrator finds the reason in the log.", isFinal: false, e);
        }
    }

    // Half of it is chance: mails of the same morning do not come back to the server all at once.
    private TimeSpan Wait(int tries)
    {
        var doubled = Options.FirstRetry * Math.Pow(2, Math.Min(tries, 20));
        return (doubled < Options.LongestRetry ? doubled : Options.LongestRetry) * (0.5 + (chance.NextDouble() / 2));
    }
}
