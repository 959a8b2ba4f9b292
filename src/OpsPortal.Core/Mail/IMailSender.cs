namespace OpsPortal.Core.Mail;

/// <summary>Hands mails to a mail server.</summary>
public interface IMailSender
{
    /// <summary>Whether there is a mail server to hand them to.</summary>
    bool IsSetUp { get; }

    /// <summary>Returns when the server has taken it.</summary>
    /// <exception cref="MailNotTakenException">It has not.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>A mail on its way out.</summary>
/// <param name="To">One address, without a name.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">For programs that show no HTML, and for people who want none.</param>
/// <param name="Html">The same as a whole HTML document; whatever came from trains or people is encoded in it.</param>
/// <param name="Key">The same for the same mail: when it is sent once more, because nobody knows whether it went, mail programs can tell.</param>
public sealed record OutgoingMail(string To, string Subject, string Text, string Html, string Key, IReadOnlyList<MailFile> Files);

/// <summary>A file in a mail.</summary>
public sealed record MailFile(string Name, string Type, byte[] Content);

/// <summary>A mail server has not taken a mail. The message says why in words that may be shown to its sender.</summary>
/// <param name="isFinal">Whether the same mail would be refused again.</param>
public sealed class MailNotTakenException(string message, bool isFinal, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the same mail would be refused again: no such address, not allowed.</summary>
    public bool IsFinal { get; } = isFinal;
}
