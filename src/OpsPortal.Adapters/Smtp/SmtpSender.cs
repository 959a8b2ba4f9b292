using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Mail;

namespace OpsPortal.Adapters.Smtp;

/// <summary>Hands mails to an SMTP server, each over a connection of its own: they are few.</summary>
internal sealed class SmtpSender(IOptions<SmtpOptions> options, IEnumerable<ISecrets> secrets) : IMailSender
{
    public bool IsSetUp => !string.IsNullOrEmpty(options.Value.Host);

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (!IsSetUp)
        {
            throw new MailNotTakenException("No mail server is set up (Smtp:Host).", isFinal: true);
        }

        using var timeout = new CancellationTokenSource(settings.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var message = Message(mail, settings.From!);
        try
        {
            using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.Security == SmtpSecurity.StartTls, Credentials = await CredentialsAsync(settings, either.Token) };
            await client.SendMailAsync(message, either.Token);
        }
        catch (Exception e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MailNotTakenException($"The mail server did not answer within {settings.Timeout.TotalSeconds:0} s.", isFinal: false, e);
        }
        catch (SmtpException e) when (!cancellationToken.IsCancellationRequested)
        {
            Forget(settings, e);
            throw new MailNotTakenException(Words(e), IsFinal(e), e);
        }
    }

    private async ValueTask<ICredentialsByHost?> CredentialsAsync(SmtpOptions settings, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(settings.User))
        {
            return null;
        }

        try
        {
            var password = settings switch
            {
                { Password: { Length: > 0 } given } => given,
                { PasswordFile: { Length: > 0 } file } => (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'),
                _ => await secrets.Last().GetAsync(settings.PasswordSecret!, cancellationToken),
            };
            return new NetworkCredential(settings.User, password);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new MailNotTakenException("The portal's password at the mail server (Smtp:PasswordFile or PasswordSecret) cannot be read now.", isFinal: false, e);
        }
    }

    // A refused sign-in: the password may have been exchanged.
    private void Forget(SmtpOptions settings, SmtpException refused)
    {
        if (settings.PasswordSecret is { Length: > 0 } name && (int)refused.StatusCode is 530 or 534 or 535)
        {
            secrets.Last().Forget(name);
        }
    }

    private static MailMessage Message(OutgoingMail mail, string from)
    {
        var message = new MailMessage(from, mail.To)
        {
            Subject = OneLine(mail.Subject),
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
        };
        // Always: System.Net.Mail escapes a line with a dot alone, but a text in base64 has none, and no line too long.
        message.BodyTransferEncoding = TransferEncoding.Base64;
        message.AlternateViews.Add(new AlternateView(new MemoryStream(Encoding.UTF8.GetBytes(mail.Html)), new ContentType("text/html; charset=utf-8")) { TransferEncoding = TransferEncoding.Base64 });
        foreach (var file in mail.Files)
        {
            message.Attachments.Add(new Attachment(new MemoryStream(file.Content), file.Name, file.Type));
        }

        message.Headers["Message-ID"] = $"<{mail.Key}@{from[(from.LastIndexOf('@') + 1)..]}>";
        // RFC 3834: nobody's out-of-office answers it.
        message.Headers["Auto-Submitted"] = "auto-generated";
        return message;
    }

    // Whatever is no text would begin another header.
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    // RFC 5321, 4.2.1: 5yz will be refused again, 4yz may not.
    private static bool IsFinal(SmtpException e) => e is SmtpFailedRecipientException && (int)e.StatusCode >= 500;

    // What a server says of itself is for the log.
    private static string Words(SmtpException e) => e switch
    {
        SmtpFailedRecipientException => $"The mail server does not take mail for this address ({(int)e.StatusCode}).",
        _ when (int)e.StatusCode is 530 or 534 or 535 => "The mail server refused the portal's sign-in.",
        _ when (int)e.StatusCode is >= 400 and < 600 => $"The mail server did not take the mail ({(int)e.StatusCode}).",
        _ => "The mail server cannot be reached, or offers no protected way to it.",
    };
}
