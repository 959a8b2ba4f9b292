using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Smtp;

/// <summary>Refuses half a mail server, and one that would be spoken to in the clear over a network.</summary>
internal sealed class SmtpOptionsCheck : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options)
    {
        var failures = string.IsNullOrEmpty(options.Host) ? [] : Problems(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Problems(SmtpOptions options)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
        {
            yield return Of(nameof(options.Host), "is a host name alone, without port or protocol, such as email-smtp.eu-west-2.amazonaws.com.");
        }

        if (options.Security == SmtpSecurity.None && !(options.Host == "localhost" || (IPAddress.TryParse(options.Host, out var address) && IPAddress.IsLoopback(address))))
        {
            yield return Of(nameof(options.Security), "None is for a mail server on this machine; over a network it is StartTls.");
        }

        if (string.IsNullOrEmpty(options.From) || !MailAddress.TryCreate(options.From, out var from) || from.Address != options.From)
        {
            yield return Of(nameof(options.From), "must be the sender's address alone, such as opsportal@trains.example.");
        }

        var passwords = new[] { options.Password, options.PasswordFile, options.PasswordSecret }.Count(place => !string.IsNullOrEmpty(place));
        if (string.IsNullOrEmpty(options.User) ? passwords > 0 : passwords != 1)
        {
            yield return Of(nameof(options.PasswordFile), "with User exactly one of PasswordFile, PasswordSecret and Password must be set, without it none.");
        }
    }

    private static string Of(string key, string problem) => $"{SmtpOptions.Section}:{key}: {problem}";
}
