namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>A service as AWS names it.</summary>
/// <param name="SigningName">Its name in the signature's scope.</param>
/// <param name="EnvironmentName">Its name in <c>AWS_ENDPOINT_URL_…</c>, as the AWS SDKs spell it.</param>
/// <param name="Host">First part of its regional host, before the region; null when every domain has an address of its own.</param>
internal sealed record AwsService(string SigningName, string EnvironmentName, string? Host)
{
    public static readonly AwsService OpenSearch = new("es", "OPENSEARCH", null);
    public static readonly AwsService OpenSearchServerless = new("aoss", "OPENSEARCHSERVERLESS", null);
    public static readonly AwsService IotData = new("iotdata", "IOT_DATA_PLANE", "data-ats.iot") { AlsoNamed = "IOT_DATA" };
    public static readonly AwsService Kinesis = new("kinesis", "KINESIS", "kinesis");
    public static readonly AwsService Firehose = new("firehose", "FIREHOSE", "firehose");
    public static readonly AwsService Redshift = new("redshift", "REDSHIFT", "redshift");
    public static readonly AwsService RedshiftServerless = new("redshift-serverless", "REDSHIFT_SERVERLESS", "redshift-serverless");
    public static readonly AwsService SecretsManager = new("secretsmanager", "SECRETS_MANAGER", "secretsmanager");
    public static readonly AwsService QuickSight = new("quicksight", "QUICKSIGHT", "quicksight");
    public static readonly AwsService S3 = new("s3", "S3", "s3");

    /// <summary>A name in <c>AWS_ENDPOINT_URL_…</c> that is in use beside the AWS SDKs' own, after which it is looked for; null when there is none.</summary>
    public string? AlsoNamed { get; init; }

    /// <summary>S3 signs the path as it is sent; all others encode it once more.</summary>
    public bool EncodesPathTwice => SigningName != "s3";

    /// <summary>These want the body's hash as a header of its own.</summary>
    public bool WantsContentHash => SigningName is "s3" or "aoss";

    /// <summary>The service's own address in a region; null when it has none.</summary>
    public Uri? RegionalEndpoint(string region) =>
        Host is null ? null : new Uri($"https://{Host}.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}");
}
