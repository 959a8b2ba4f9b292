namespace OpsPortal.Core.Reports.Mail;

/// <summary>A report that somebody is sent by mail, again and again, as what they may see at that moment.</summary>
/// <param name="OwnerId">Id of the user as whom it is made.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Report">Name of the <see cref="ReportKind"/>.</param>
/// <param name="Until">No mail goes after this, unless its owner wants it longer.</param>
/// <param name="DueAt">The moment that the next mail is for.</param>
/// <param name="TryAt">When it is tried: at <paramref name="DueAt"/>, later when it was not taken.</param>
/// <param name="SentAt">When the last one was taken by the mail server; null when none was.</param>
/// <param name="Problem">Why the last try failed, in words; null when it did not.</param>
/// <param name="Tries">Tries in a row that failed.</param>
public sealed record MailedReport(
    string Id, string OwnerId, string OwnerName, string To, string Report, MailTimes Times, string? Line, string? Class, string? TrainId, DateTimeOffset MadeAt, DateTimeOffset Until,
    DateTimeOffset DueAt, DateTimeOffset TryAt, DateTimeOffset? SentAt, string? Problem, int Tries)
{
    /// <summary>Whether mails go at that moment.</summary>
    public bool HoldsAt(DateTimeOffset now) => Until > now;

    /// <summary>As it is when the server has taken the mail that was due.</summary>
    public MailedReport Sent(DateTimeOffset now) => Next(now) with { SentAt = now, Problem = null, Tries = 0 };

    /// <summary>As it is when the mail that was due cannot go at all: the next one has its own chance.</summary>
    public MailedReport GivenUp(string problem, DateTimeOffset now) => Next(now) with { Problem = problem, Tries = 0 };

    /// <summary>As it is when the mail that was due is tried again after some time.</summary>
    public MailedReport Failed(string problem, DateTimeOffset now, TimeSpan wait) => this with { Problem = problem, Tries = Tries + 1, TryAt = now + wait };

    /// <summary>As it is when time has passed: of several mails that were missed only the newest is sent.</summary>
    public MailedReport Newest(DateTimeOffset now) => Times.LastUntil(now) is var last && last > DueAt ? this with { DueAt = last } : this;

    private MailedReport Next(DateTimeOffset now)
    {
        var next = Times.NextAfter(now > DueAt ? now : DueAt);
        return this with { DueAt = next, TryAt = next };
    }
}
