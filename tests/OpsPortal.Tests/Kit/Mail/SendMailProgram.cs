using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Smtp;
using OpsPortal.Core.Mail;

namespace OpsPortal.Tests.Kit.Mail;

/// <summary>Hands one mail to a server, by STARTTLS: <c>OpsPortal.Tests.dll send-mail {port} {user} {password}</c>. What certificates it trusts is told by its environment, as in life.</summary>
internal static class SendMailProgram
{
    public const string Name = "send-mail";

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new SmtpOptions { Host = "localhost", Port = int.Parse(args[1]), From = "portal@trains.example", User = args[2], Password = args[3] };
        try
        {
            await new SmtpSender(Options.Create(options), []).SendAsync(new OutgoingMail("jo@trains.example", "Protected", "text", "<p>html</p>", "key", []), default);
            Console.WriteLine("taken");
        }
        catch (MailNotTakenException e)
        {
            Console.WriteLine(e.Message);
        }

        return 0;
    }
}
