using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Smtp;

/// <summary>How the way to the mail server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>STARTTLS, with a certificate that this machine trusts. Without it nothing is sent.</summary>
    StartTls,

    /// <summary>Nothing at all: a mail server on this machine only.</summary>
    None,
}

/// <summary>The mail server: section <c>Smtp</c>.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Smtp";

    /// <summary>Its host; null: there is none, and nothing is sent.</summary>
    public string? Host { get; set; }

    /// <summary>1 to 65535; 587 is where mails are handed in (RFC 6409).</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>The sender's address, without a name.</summary>
    public string? From { get; set; }

    /// <summary>Null: the server wants no sign-in.</summary>
    public string? User { get; set; }

    /// <summary>Better one of the two below.</summary>
    public string? Password { get; set; }

    /// <summary>A file with nothing but the password, read each time.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>A name in AWS Secrets Manager, with <c>#field</c> behind it for a field of a JSON object.</summary>
    public string? PasswordSecret { get; set; }

    /// <summary>Of one mail. Default 30 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
