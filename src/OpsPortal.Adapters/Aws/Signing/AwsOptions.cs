using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>What holds for every AWS service: section <c>Aws</c>. A service's own option goes before it.</summary>
public sealed class AwsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Aws";

    /// <summary>Region, such as eu-west-2; other servers than AWS's name theirs as they like (RegionOne, garage). Default: AWS_REGION, then AWS_DEFAULT_REGION; that of a profile in the shared AWS files is not read.</summary>
    [RegularExpression("[A-Za-z0-9-]{2,40}", ErrorMessage = "is not a region such as eu-west-2.")]
    public string? Region { get; set; }

    /// <summary>Profile of the shared AWS files to take credentials from. Default: the whole chain (environment, AWS_PROFILE, web identity, SSO, container, instance role).</summary>
    public string? Profile { get; set; }

    /// <summary>One address for all services, as AWS_ENDPOINT_URL does. Default: each service's regional address.</summary>
    public Uri? EndpointUrl { get; set; }

    /// <summary>A PEM file of certificate authorities that are trusted beside the system's. Default none.</summary>
    public string? CaFile { get; set; }

    /// <summary>One attempt of a request may take this long, its answer included. Default 30 s, 100 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection must stand within this time. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections are renewed after this time, so that a changed DNS answer is noticed. Default 5 minutes, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts after the first. Default 4, 0–10.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 4;

    /// <summary>Wait before the second attempt; doubles, with chance in it. Default 200 ms, 1 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait is longer, also when the service asks for it. Default 20 s, 10 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Credentials are read again this long before they expire. Default 2 minutes, 0 to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CredentialsMargin { get; set; } = TimeSpan.FromMinutes(2);
}
