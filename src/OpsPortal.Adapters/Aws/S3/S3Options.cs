using System.ComponentModel.DataAnnotations;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Raw files in S3, or anything that speaks its protocol: section <c>S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Name of the section.</summary>
    public const string Section = "S3";

    /// <summary>Bucket of the raw files.</summary>
    public string? Bucket { get; set; }

    /// <summary>What all keys begin with, such as <c>fleet/</c>; ends with a slash. Default nothing.</summary>
    [RegularExpression("(?:[A-Za-z0-9_=-][A-Za-z0-9._=-]*/)*", ErrorMessage = "is made of names (letters, digits, . _ = -, no dot first), each with a slash behind it, such as fleet/one/.")]
    public string Prefix { get; set; } = "";

    /// <summary>Address of the service without the bucket. Default: AWS_ENDPOINT_URL_S3, then Aws:EndpointUrl, then the region's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Address of the service as browsers and scripts reach it: the one that links name. Default: the one that the portal uses. Links to the replica name ReplicaEndpoint.</summary>
    public Uri? LinkEndpoint { get; set; }

    /// <summary>Region. Default: Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>The bucket stands in the path, not in the host. Default: yes where the address is not AWS's own.</summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>A bucket to which S3 replicates the first: read when the first cannot be reached. Default none.</summary>
    public string? ReplicaBucket { get; set; }

    /// <summary>Region of the replica.</summary>
    public string? ReplicaRegion { get; set; }

    /// <summary>Address of the replica's service. Default: its region's own; where the first bucket's address is given (Endpoint, AWS_ENDPOINT_URL_S3, …), it must be given too.</summary>
    public Uri? ReplicaEndpoint { get; set; }

    /// <summary>The replica is asked when the first has not answered within this time. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReplicaAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>…and then goes on being asked for so long before the first is tried again. Default 30 s, 100 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReplicaFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Id or ARN of the KMS key that files written by this product are encrypted with. Default: as the bucket says.</summary>
    [RegularExpression("[A-Za-z0-9:/_-]{1,2048}", ErrorMessage = "is not a key's id, alias or ARN.")]
    public string? KmsKeyId { get; set; }

    /// <summary>How long a presigned address holds. Default 5 minutes, which is the most; at least 10 s. Never longer than the credentials it is signed with.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:05:00")]
    public TimeSpan LinkFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>One attempt of a request may take this long, its answer included. Default 30 s, 100 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts after the first. Default 4, 0–10.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 4;

    /// <summary>A PEM file of certificate authorities trusted beside the system's. Default: Aws:CaFile.</summary>
    public string? CaFile { get; set; }

    /// <summary>Requests at once. Default 16, 1–256.</summary>
    [Range(1, 256)]
    public int MaxInFlight { get; set; } = 16;

    /// <summary>How often the bucket is looked at, for health and the clock. Default 1 minute, 100 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether closed raw files of <c>Data:Folder</c> are copied to the bucket. Default yes; no where Firehose writes them.</summary>
    public bool Copy { get; set; } = true;

    /// <summary>How often new closed files are looked for. Default 10 s, 10 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan CopyInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Files larger than this go in parts of this size, one held in memory at a time. Default 16 MB, 5 MB (S3's least) to 1 GB.</summary>
    [Range(5 << 20, 1 << 30)]
    public int PartBytes { get; set; } = 16 << 20;

    /// <summary>Days for which a restored copy is there. Default 7, 1–90.</summary>
    [Range(1, 90)]
    public int RestoreDays { get; set; } = 7;

    /// <summary>How fast archived files are restored. Default Standard.</summary>
    [EnumDataType(typeof(RestoreSpeed))]
    public RestoreSpeed RestoreSpeed { get; set; } = RestoreSpeed.Standard;
}
