using System.ComponentModel.DataAnnotations;
using OpsPortal.Adapters.Aws.Redshift.Unload;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>The warehouse in Amazon Redshift, or in anything that speaks its protocol: section <c>Redshift</c>.</summary>
public sealed class RedshiftOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Redshift";

    /// <summary>Host of the cluster's or workgroup's endpoint.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "must be set: the host of the cluster's or workgroup's endpoint.")]
    public string Host { get; set; } = "";

    /// <summary>Port. Default 5439, 1–65535.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 5439;

    /// <summary>Database. Default opsportal.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Database { get; set; } = "opsportal";

    /// <summary>Schema of the product's tables. Default opsportal.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,60}", ErrorMessage = "begins with a lower-case letter and holds lower-case letters, digits and _ only.")]
    public string Schema { get; set; } = "opsportal";

    /// <summary>How operators sign in: Cluster (default: GetClusterCredentials, a database user for every operator), Serverless (GetCredentials) or Password.</summary>
    [EnumDataType(typeof(RedshiftLogin))]
    public RedshiftLogin Login { get; set; }

    /// <summary>Identifier of the cluster, with Login=Cluster.</summary>
    public string? Cluster { get; set; }

    /// <summary>Name of the workgroup, with Login=Serverless.</summary>
    public string? Workgroup { get; set; }

    /// <summary>Region of the calls for credentials. Default: Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>Another address of the calls for credentials. Default: AWS_ENDPOINT_URL_REDSHIFT or AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS, then the region's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>User, with Login=Password.</summary>
    public string? User { get; set; }

    /// <summary>Password, with Login=Password; better PasswordFile or PasswordSecret.</summary>
    public string? Password { get; set; }

    /// <summary>File that holds nothing but the password.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Name or ARN in AWS Secrets Manager, with <c>#field</c> behind it when the secret is a JSON object.</summary>
    public string? PasswordSecret { get; set; }

    /// <summary>Begins the name of every operator's database user. Default op_.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,7}", ErrorMessage = "begins with a lower-case letter and holds at most 8 lower-case letters, digits and _.")]
    public string UserPrefix { get; set; } = "op_";

    /// <summary>Whether Redshift makes a database user that is not there yet (needs redshift:CreateClusterUser). Default false.</summary>
    public bool AutoCreate { get; set; }

    /// <summary>Database group of each role, such as <c>Engineer: ops_engineers</c>: what an operator's session may do beside reading the product's tables. A role that is not named brings no group.</summary>
    public Dictionary<string, string> Groups { get; set; } = [];

    /// <summary>The database user that keeps operators' scopes in the table user_scopes, with Login=Cluster. Default opsportal_scopes.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,60}", ErrorMessage = "begins with a lower-case letter and holds lower-case letters, digits and _ only.")]
    public string ScopesUser { get; set; } = "opsportal_scopes";

    /// <summary>How the way to the warehouse is protected. Default VerifyFull: the certificate is checked, the host's name in it too. None: not at all, for a PostgreSQL on this machine only.</summary>
    [EnumDataType(typeof(RedshiftTls))]
    public RedshiftTls Tls { get; set; }

    /// <summary>A PEM file of certificate authorities trusted beside the system's. Default: Aws:CaFile.</summary>
    public string? CaFile { get; set; }

    /// <summary>A query may run so long. Default 1 minute, 1 second to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan QueryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Connecting may take so long. Default 15 s, 1 second to 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan ConnectTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Queries of one operator at the same time. Default 3, 1–50.</summary>
    [Range(1, 50)]
    public int QueriesPerUser { get; set; } = 3;

    /// <summary>Queries of all operators of this process at the same time. Default 20, 1–500.</summary>
    [Range(1, 500)]
    public int Queries { get; set; } = 20;

    /// <summary>Credentials are asked for this long. Default 15 minutes, 15 minutes to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:15:00", "01:00:00")]
    public TimeSpan CredentialsFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Query group of every query, with a colon and the operator's database user behind it: workload management and query monitoring rules find them as <c>opsportal:*</c>. Default opsportal.</summary>
    [RegularExpression("[A-Za-z0-9_-]{1,16}", ErrorMessage = "holds at most 16 letters, digits, - and _.")]
    public string QueryGroup { get; set; } = "opsportal";

    /// <summary>Whole results as files in S3: a section of its own, read as such.</summary>
    public UnloadOptions Unload { get; set; } = new();
}

/// <summary>How the way to the warehouse is protected.</summary>
public enum RedshiftTls
{
    /// <summary>TLS; the certificate is checked, the host's name in it too.</summary>
    VerifyFull = 0,

    /// <summary>Nothing at all.</summary>
    None = 1,
}

/// <summary>How operators sign in at the warehouse.</summary>
public enum RedshiftLogin
{
    /// <summary>A provisioned cluster: GetClusterCredentials gives every operator a database user of their own.</summary>
    Cluster = 0,

    /// <summary>A serverless workgroup: GetCredentials gives the portal's own database user; the operator is said in the session.</summary>
    Serverless = 1,

    /// <summary>User and password; the operator is said in the session.</summary>
    Password = 2,
}
