using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>Whole results as Parquet files that Redshift writes to S3: section <c>Redshift:Unload</c>. Without a bucket there are none.</summary>
public sealed class UnloadOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Redshift:Unload";

    /// <summary>Bucket of the files. Default none: nothing is unloaded.</summary>
    public string? Bucket { get; set; }

    /// <summary>What all keys begin with; ends with a slash. Default unload/.</summary>
    [RegularExpression("(?:[A-Za-z0-9_=-][A-Za-z0-9._=-]*/)*", ErrorMessage = "is made of names (letters, digits, . _ = -, no dot first), each with a slash behind it, such as fleet/unload/.")]
    public string Prefix { get; set; } = "unload/";

    /// <summary>ARN of the role by which Redshift writes there, several with commas between for a chain of roles, or <c>default</c>: the cluster's own default role.</summary>
    public string? Role { get; set; }

    /// <summary>Region of the bucket, where it is not the warehouse's own. Default: Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>Address of S3 without the bucket. Default: AWS_ENDPOINT_URL_S3, then Aws:EndpointUrl, then the region's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Address of the service as browsers and scripts reach it: the one that links name. Default: the one that the portal uses.</summary>
    public Uri? LinkEndpoint { get; set; }

    /// <summary>The bucket stands in the path, not in the host. Default: yes where the address is not AWS's own.</summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>A PEM file of certificate authorities trusted beside the system's. Default: Aws:CaFile.</summary>
    public string? CaFile { get; set; }

    /// <summary>Unloading one query may take so long. Default 10 minutes, 1 second to 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan Time { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Files go so long after the time limit of their query. Default 4 hours, 1 second to 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(4);

    /// <summary>A file has at most so many megabytes; Redshift rounds down to a multiple of 32. Default 256, 32 to 6,144.</summary>
    [Range(32, 6_144)]
    public int FileMegabytes { get; set; } = 256;

    /// <summary>A presigned address holds so long. Default 5 minutes, which is the most; at least 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:05:00")]
    public TimeSpan LinkFor { get; set; } = TimeSpan.FromMinutes(5);
}
