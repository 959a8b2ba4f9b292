using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Aws.QuickSight;

/// <summary>A dashboard of Amazon QuickSight shown at /reports/dashboard: section <c>QuickSight</c>. There is one when <see cref="AccountId"/>, <see cref="DashboardId"/> or a user's ARN is set.</summary>
public sealed class QuickSightOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "QuickSight";

    /// <summary>The AWS account that has the dashboard: 12 digits.</summary>
    public string? AccountId { get; set; }

    /// <summary>The dashboard's id, as its address in QuickSight ends.</summary>
    public string? DashboardId { get; set; }

    /// <summary>What the portal calls it. Default "Dashboard", 1 to 60 characters.</summary>
    [StringLength(60, MinimumLength = 1)]
    public string Title { get; set; } = "Dashboard";

    /// <summary>ARN of the QuickSight user as whom everybody opens it whose role has none of its own. Default none: then nobody else may.</summary>
    public string? UserArn { get; set; }

    /// <summary>ARN of a QuickSight user by role, such as <c>"Engineer": "arn:aws:quicksight:eu-west-2:111122223333:user/default/fleet-engineers"</c>. Default none.</summary>
    public IDictionary<string, string> UserArnByRole { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Only users who see the whole fleet may open it: QuickSight does not know what part of the fleet a user of the portal sees. Default true.</summary>
    public bool WholeFleetOnly { get; set; } = true;

    /// <summary>Origins whose pages may hold the frame, at most 3, such as https://ops.example. Default: the one at which the user's browser finds the portal.</summary>
    public IReadOnlyList<string> AllowedDomains { get; set; } = [];

    /// <summary>How long an opened dashboard stays open, in whole minutes. Default 1 hour, 15 minutes to 10 hours.</summary>
    [Range(typeof(TimeSpan), "00:15:00", "10:00:00")]
    public TimeSpan SessionFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Region of the dashboard. Default: Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>Where QuickSight is asked. Default: AWS_ENDPOINT_URL_QUICKSIGHT, then Aws:EndpointUrl, then the region's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Where the frame comes from, as an origin. Default: https://REGION.quicksight.aws.amazon.com.</summary>
    public string? FrameOrigin { get; set; }

    /// <summary>One attempt of a request may take this long. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after the first: somebody is waiting before the page. Default 2, 0–10.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;
}
