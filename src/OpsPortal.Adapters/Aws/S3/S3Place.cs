using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>A bucket, and where it is.</summary>
/// <param name="Prefix">What all keys begin with.</param>
/// <param name="PathStyle">The bucket stands in the path, not in the host.</param>
internal sealed record S3Place(string Bucket, string Prefix, Uri Endpoint, string Region, bool PathStyle)
{
    /// <summary>Its name, for people.</summary>
    public string Name => $"{Bucket} ({Region})";

    /// <summary>The first bucket.</summary>
    public static S3Place Home(S3Options options, AwsPlaces places)
    {
        var home = At(options, options.Bucket!, places.Find(AwsService.S3, options.Endpoint, options.Region));
        return options.LinkEndpoint is { } link ? home with { ForLinks = At(options, home.Bucket, new AwsPlace(link, home.Region)) } : home;
    }

    /// <summary>The replica; null when there is none.</summary>
    public static S3Place? Replica(S3Options options) => options.ReplicaBucket is not { } bucket
        ? null
        : At(options, bucket, new AwsPlace(options.ReplicaEndpoint ?? AwsService.S3.RegionalEndpoint(options.ReplicaRegion!)!, options.ReplicaRegion!));

    /// <summary>The same bucket as those find it who follow a link; null where they find it where the portal does.</summary>
    public S3Place? ForLinks { get; init; }

    /// <summary>Host and path of an object, as they are sent and signed.</summary>
    /// <param name="key">With the prefix.</param>
    public (string Host, string Path) AddressOf(string key)
    {
        var path = string.Join('/', key.Split('/').Select(StrictUri.Encode));
        return PathStyle
            ? (Endpoint.Authority, $"{Endpoint.AbsolutePath.TrimEnd('/')}/{Bucket}/{path}")
            : ($"{Bucket}.{Endpoint.Authority}", $"/{path}");
    }

    /// <summary>An address of AWS's own.</summary>
    public static bool IsAws(Uri endpoint) => endpoint.Host.Contains(".amazonaws.com", StringComparison.Ordinal);

    private static S3Place At(S3Options options, string bucket, AwsPlace place) =>
        new(bucket, options.Prefix, place.Endpoint, place.Region, options.ForcePathStyle ?? !IsAws(place.Endpoint));
}
