namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>How a service is spoken to.</summary>
public enum AwsAccess
{
    /// <summary>Signed with AWS credentials.</summary>
    SigV4,

    /// <summary>User and password.</summary>
    Basic,

    /// <summary>Neither: for a server that asks for nothing.</summary>
    None,
}

/// <summary>A service to speak to, as its adapter's options say. What is null is taken from <see cref="AwsOptions"/>.</summary>
internal sealed record AwsPeer(AwsService Service)
{
    /// <summary>The service's own Endpoint option.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The service's own Region option.</summary>
    public string? Region { get; init; }

    public AwsAccess Access { get; init; }

    /// <summary>Needed with <see cref="AwsAccess.Basic"/>.</summary>
    public BasicAccess? Basic { get; init; }

    /// <summary>A PEM file of certificate authorities trusted beside the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Of one attempt.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Attempts after the first.</summary>
    public int? Retries { get; init; }

    /// <summary>Is told of every answer, also of those that lead to another attempt. Must not read the body.</summary>
    public Action<HttpResponseMessage>? Watch { get; init; }

    /// <summary>Connections at once; null = as many as are asked for.</summary>
    public int? MaxConnections { get; init; }
}
