namespace OpsPortal.Core.Reports.Mail;

/// <summary>Reports that are sent by mail.</summary>
public interface IMailedReports
{
    /// <summary>Keeps a new one.</summary>
    /// <returns>False when its owner has that many already.</returns>
    Task<bool> KeepAsync(MailedReport report, int most, CancellationToken cancellationToken);

    /// <summary>By owner and time made: of one owner, or of all where it is null.</summary>
    Task<IReadOnlyList<MailedReport>> FindAsync(string? ownerId, int limit, CancellationToken cancellationToken);

    /// <summary>One, or null.</summary>
    Task<MailedReport?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Forgets one; nothing when there is none.</summary>
    Task DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Goes on until then.</summary>
    Task ExtendAsync(string id, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Takes those to be tried at that moment, those longest due first, so that nobody else takes them before <paramref name="until"/>: who dies with one in hand leaves it to the next.
    /// </summary>
    Task<IReadOnlyList<MailedReport>> TakeDueAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>One went besides those that are due.</summary>
    Task NoteSentAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Keeps what became of a try: <see cref="MailedReport.DueAt"/> and all after it. Nothing when it was forgotten meanwhile.</summary>
    Task NoteAsync(MailedReport report, CancellationToken cancellationToken);
}
