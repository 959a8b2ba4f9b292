using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Aws.S3.Keys;

/// <summary>Data-protection keys in S3: section <c>S3Keys</c>.</summary>
public sealed class S3KeysOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "S3Keys";

    /// <summary>Bucket of the keys; not that of the raw files, which many may read.</summary>
    public string? Bucket { get; set; }

    /// <summary>What all keys begin with; ends with a slash. Default keys/.</summary>
    [RegularExpression("(?:[A-Za-z0-9_=-][A-Za-z0-9._=-]*/)*", ErrorMessage = "is made of names (letters, digits, . _ = -, no dot first), each with a slash behind it, such as fleet/keys/.")]
    public string Prefix { get; set; } = "keys/";

    /// <summary>Address of the service without the bucket. Default: AWS_ENDPOINT_URL_S3, then Aws:EndpointUrl, then the region's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Region. Default: Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>The bucket stands in the path, not in the host. Default: yes where the address is not AWS's own.</summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>Id or ARN of the KMS key that they are encrypted with. Default: as the bucket says.</summary>
    [RegularExpression("[A-Za-z0-9:/_-]{1,2048}", ErrorMessage = "is not a key's id, alias or ARN.")]
    public string? KmsKeyId { get; set; }

    /// <summary>A PEM file of certificate authorities trusted beside the system's. Default: Aws:CaFile.</summary>
    public string? CaFile { get; set; }
}
