using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Smtp;
using OpsPortal.Core.Mail;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.Mail;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.Mail;

/// <summary>Mails handed to npm's <c>smtp-server</c>.</summary>
[Trait("Peer", "smtp-server")]
public sealed class SmtpSenderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-mail-").FullName;

    private static OutgoingMail Mail(string subject = "Alerts: 23 Nov", string text = "ten alerts") =>
        new("jo@trains.example", subject, text, "<p>ten <b>alerts</b></p>", "abc.123", [new MailFile("report.csv", "text/csv", "a,b\r\n1,2\r\n"u8.ToArray())]);

    private static SmtpSender Sender(MailServer server, Action<SmtpOptions>? change = null)
    {
        var options = new SmtpOptions { Host = "127.0.0.1", Port = server.Port, Security = SmtpSecurity.None, From = "portal@trains.example", Timeout = TimeSpan.FromSeconds(20) };
        change?.Invoke(options);
        return new SmtpSender(Options.Create(options), []);
    }

    [Fact]
    public async Task A_mail_comes_with_its_text_its_html_and_its_file_and_no_machine_answers_it()
    {
        await using var server = await MailServer.StartAsync();

        await Sender(server).SendAsync(Mail("Züge – 列車 " + new string('x', 200), ".\r\n.alone\r\n" + new string('é', 2_000)), default);

        var mail = Assert.Single(await server.MailsAsync(1));
        Assert.Equal(("portal@trains.example", "jo@trains.example"), (mail.From, Assert.Single(mail.To)));
        Assert.Equal(("Züge – 列車 " + new string('x', 200), ".\r\n.alone\r\n" + new string('é', 2_000), "<p>ten <b>alerts</b></p>", "a,b\r\n1,2\r\n"), (mail.Subject, mail.Text, mail.Html, mail.Csv));
        Assert.Equal(("<abc.123@trains.example>", "auto-generated"), (mail.Headers["message-id"], mail.Headers["auto-submitted"]));
    }

    [Theory]
    [InlineData("Alerts\r\nBcc: thief@elsewhere.example")]
    [InlineData("Alerts\n\n<script>alert(1)</script>")]
    [InlineData("Alerts\0\u0001\u0085 =?utf-8?B?QmNj?=")]
    [Trait("Fault", "BAD-13")]
    public async Task No_subject_begins_another_header_or_another_recipient(string subject)
    {
        await using var server = await MailServer.StartAsync();

        await Sender(server).SendAsync(Mail(subject), default);

        var mail = Assert.Single(await server.MailsAsync(1));
        Assert.Equal("jo@trains.example", Assert.Single(mail.To));
        Assert.False(mail.Headers.ContainsKey("bcc"));
        Assert.Equal("ten alerts", mail.Text);
    }

    [Theory]
    [InlineData("refuse-address 550", true, "The mail server does not take mail for this address (550).")]
    [InlineData("refuse-address 450", false, "The mail server does not take mail for this address (450).")]
    [InlineData("refuse 452", false, "The mail server did not take the mail (452).")]
    [InlineData("refuse 554", false, "The mail server did not take the mail (554).")]
    public async Task A_refusal_says_whether_it_is_for_good(string does, bool isFinal, string words)
    {
        await using var server = await MailServer.StartAsync();
        await server.DoesAsync(does);

        var refused = await Assert.ThrowsAsync<MailNotTakenException>(() => Sender(server).SendAsync(Mail(), default));

        Assert.Equal((isFinal, words), (refused.IsFinal, refused.Message));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_says_nothing_or_is_not_there_is_waited_for_only_so_long()
    {
        var server = await MailServer.StartAsync();
        await server.DoesAsync("silence");

        var silent = await Assert.ThrowsAsync<MailNotTakenException>(() => Sender(server, options => options.Timeout = TimeSpan.FromSeconds(1)).SendAsync(Mail(), default));
        await server.DisposeAsync();
        var gone = await Assert.ThrowsAsync<MailNotTakenException>(() => Sender(server).SendAsync(Mail(), default));

        Assert.Equal((false, "The mail server did not answer within 1 s."), (silent.IsFinal, silent.Message));
        Assert.Equal((false, "The mail server cannot be reached, or offers no protected way to it."), (gone.IsFinal, gone.Message));
    }

    [Fact]
    public async Task Where_the_way_is_to_be_protected_nothing_goes_over_one_that_is_not()
    {
        await using var plain = await MailServer.StartAsync();
        TestAuthority.Make(_folder);
        await using var unknown = await MailServer.StartAsync(new { cert = Path.Combine(_folder, "server.pem"), key = Path.Combine(_folder, "server.key") });

        foreach (var server in new[] { plain, unknown })
        {
            var refused = await Assert.ThrowsAsync<MailNotTakenException>(() => Sender(server, options => options.Security = SmtpSecurity.StartTls).SendAsync(Mail(), default));
            Assert.Equal("The mail server cannot be reached, or offers no protected way to it.", refused.Message);
            Assert.Empty(server.Mails);
        }
    }

    [Theory]
    [InlineData("a secret", "taken")]
    [InlineData("another", "The mail server refused the portal's sign-in.")]
    public async Task Over_a_protected_way_it_signs_in(string password, string said)
    {
        TestAuthority.Make(_folder);
        await using var server = await MailServer.StartAsync(new { cert = Path.Combine(_folder, "server.pem"), key = Path.Combine(_folder, "server.key"), user = "portal", password = "a secret" });
        await using var sender = ChildProcess.Start(_folder, [("SSL_CERT_FILE", Path.Combine(_folder, "ca.pem"))], SendMailProgram.Name, $"{server.Port}", "portal", password);

        Assert.Equal(said, await sender.ReadAsync());

        Assert.Equal(said == "taken" ? [(true, "portal")] : [], server.Mails.Select(mail => (mail.IsProtected, mail.User)));
    }

    [Fact]
    public void Half_a_mail_server_is_refused_before_the_start_with_every_key()
    {
        var wrong = new SmtpOptions { Host = "smtp://mail", Security = SmtpSecurity.None, From = "Portal <portal@trains.example>", User = "portal" };
        var fine = new SmtpOptions { Host = "localhost", Security = SmtpSecurity.None, From = "portal@trains.example" };

        Assert.Equal(
            ["Smtp:Host:", "Smtp:Security:", "Smtp:From:", "Smtp:PasswordFile:"],
            new SmtpOptionsCheck().Validate(null, wrong).Failures!.Select(failure => failure.Split(' ')[0]));
        Assert.True(new SmtpOptionsCheck().Validate(null, fine).Succeeded);
        Assert.True(new SmtpOptionsCheck().Validate(null, new SmtpOptions()).Succeeded);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
