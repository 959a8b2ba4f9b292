using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace OpsPortal.Reports.Mail;

/// <summary>Reports by mail: section <c>ReportMail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "ReportMail";

    /// <summary>Mails go to addresses of these domains only, and not to their subdomains; none: to nobody.</summary>
    public IList<string> Domains { get; } = [];

    /// <summary>The portal's address as readers reach it, such as https://trains.example: links in mails begin with it. Null: mails have no links.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>Of one user. Default 20, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int MostPerUser { get; set; } = 20;

    /// <summary>Mails end after this time, unless their owner wants them longer. Default 180 days, 1 day to 10 years.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How often is looked for mails that are due. Default 30 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A mail that was not taken is tried again after this, doubling. Default 1 minute, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Up to this. Default 1 hour, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether an address is of one of the domains.</summary>
    public bool Takes(string address) => Domains.Contains(address[(address.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase);
}

/// <summary>Refuses what is no domain, and an address that is not the portal's own.</summary>
internal sealed class MailOptionsCheck : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var failures = options.Domains.Select((domain, i) => (domain, i))
            .Where(one => Uri.CheckHostName(one.domain) != UriHostNameType.Dns || !MailAddress.TryCreate($"x@{one.domain}", out _))
            .Select(one => $"{MailOptions.Section}:{nameof(options.Domains)}:{one.i}: is a domain alone, such as trains.example.").ToList();
        if (options.PublicAddress is { Length: > 0 } address
            && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && (uri.Scheme == "https" || uri.IsLoopback)))
        {
            failures.Add($"{MailOptions.Section}:{nameof(options.PublicAddress)}: is the portal's address alone, such as https://trains.example; http on this machine only.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
