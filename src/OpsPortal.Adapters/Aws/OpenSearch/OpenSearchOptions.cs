using System.ComponentModel.DataAnnotations;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>Operational documents in OpenSearch 2 or 3: section <c>OpenSearch</c>.</summary>
public sealed class OpenSearchOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "OpenSearch";

    /// <summary>The server's address, http or https. Default: AWS_ENDPOINT_URL_OPENSEARCH, then Aws:EndpointUrl. A domain has no address of the region's own, so one of them must be set.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>How requests are made known: None (default), Basic, SigV4.</summary>
    [EnumDataType(typeof(AwsAccess))]
    public AwsAccess Sign { get; set; } = AwsAccess.None;

    /// <summary>Service of the signature: es (a domain; default) or aoss (serverless; its collections lack what the follower stands on, see the README).</summary>
    [RegularExpression("es|aoss", ErrorMessage = "is either es or aoss.")]
    public string Service { get; set; } = "es";

    /// <summary>Region of the signature. Default: the one in the address, then Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>User, with Sign=Basic.</summary>
    public string? User { get; set; }

    /// <summary>Password, with Sign=Basic; better PasswordFile or PasswordSecret.</summary>
    public string? Password { get; set; }

    /// <summary>File that holds nothing but the password.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Name or ARN in AWS Secrets Manager, with <c>#field</c> behind it when the secret is a JSON object.</summary>
    public string? PasswordSecret { get; set; }

    /// <summary>A PEM file of certificate authorities trusted beside the system's. Default: Aws:CaFile.</summary>
    public string? CaFile { get; set; }

    /// <summary>One attempt of a request may take this long, its answer included. Default 10 s, 100 ms to 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first, of a request and of single documents of a bulk. Default 4, 0–10.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 4;

    /// <summary>Begins every name of an index, template or policy: several products or fleets may share one server. Default "opsportal-".</summary>
    [RegularExpression("([a-z][a-z0-9_-]{0,60})?", ErrorMessage = "is empty, or begins with a lower-case letter and holds lower-case letters, digits, - and _ only.")]
    public string IndexPrefix { get; set; } = "opsportal-";

    /// <summary>Primary shards of a day of readings. All other indices have one: the order of changes is their shard's. Default 1, 1–64.</summary>
    [Range(1, 64)]
    public int Shards { get; set; } = 1;

    /// <summary>Copies of each shard. Default: none on one data node, one on several.</summary>
    [Range(0, 10)]
    public int? Replicas { get; set; }

    /// <summary>After this time anomalies and alerts can be found. Default 200 ms, 50 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RefreshLive { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>After this time states of trains can be found. Default 1 s, 50 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RefreshTrains { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After this time readings, audit rows and dead letters can be found. Default 5 s, 50 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan RefreshReadings { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>One bulk request has at most so many bytes before compression. Default 5 MiB, 10 kB to 50 MiB.</summary>
    [Range(10_000, 50 << 20)]
    public int BulkBytes { get; set; } = 5 << 20;

    /// <summary>One bulk request has at most so many documents. Default 1,000, 1–10,000.</summary>
    [Range(1, 10_000)]
    public int BulkCount { get; set; } = 1_000;

    /// <summary>The follower looks again for documents that become visible after later ones for so long. Default 5 s, 0 to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Overlap { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The follower remembers at most so many places at which a document may still become visible. Default 100,000, 1,000–10,000,000.</summary>
    [Range(1_000, 10_000_000)]
    public int SeenIds { get; set; } = 100_000;

    /// <summary>The follower asks so often while there is nothing to catch up with. Default 200 ms, 10 to 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:00.250")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Documents of one kind on one page of the follower. Default 2,000, 10–10,000.</summary>
    [Range(10, 10_000)]
    public int PageSize { get; set; } = 2_000;

    /// <summary>Readings are kept so long, in whole days. Default 7 days, 1 to 365.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan KeepReadings { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Anomalies and dead letters are kept so long, in whole months. Default: for ever; 31 days to 20 years.</summary>
    [Range(typeof(TimeSpan), "31.00:00:00", "7300.00:00:00")]
    public TimeSpan? KeepAnomalies { get; set; }

    /// <summary>How often what is too old is cleared away. Default 1 hour, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromHours(1);
}
