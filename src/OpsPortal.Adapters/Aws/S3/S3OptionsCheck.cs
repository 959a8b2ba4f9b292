using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Refuses a start with a bucket that cannot be spoken to, or half a replica.</summary>
internal sealed partial class S3OptionsCheck(AwsPlaces places) : IValidateOptions<S3Options>
{
    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(S3Options options)
    {
        if (ProblemOfBucket(options.Bucket) is { } bucket)
        {
            yield return Said(nameof(options.Bucket), bucket);
        }

        if (ProblemOfRegion(options.Region, OtherServer(places, options.Endpoint, options.Region)) is { } region)
        {
            yield return Said(nameof(options.Region), region);
        }
        else if (places.Problem(AwsService.S3, options.Endpoint, options.Region) is { } place)
        {
            yield return Said(nameof(options.Endpoint), place);
        }

        if (options.LinkEndpoint is { } link && !AwsOptionsCheck.IsWeb(link))
        {
            yield return Said(nameof(options.LinkEndpoint), "must begin with https:// or http://.");
        }

        if (options.CaFile is { Length: > 0 } file && AwsOptionsCheck.ProblemOfCaFile(file) is { } problem)
        {
            yield return Said(nameof(options.CaFile), problem);
        }

        foreach (var failure in ReplicaFailures(options))
        {
            yield return failure;
        }
    }

    private IEnumerable<string> ReplicaFailures(S3Options options)
    {
        if (options.ReplicaBucket is null)
        {
            if (options.ReplicaRegion is not null || options.ReplicaEndpoint is not null)
            {
                yield return Said(nameof(options.ReplicaBucket), "must be set where a region or an endpoint of the replica is.");
            }

            yield break;
        }

        if (ProblemOfBucket(options.ReplicaBucket) is { } bucket)
        {
            yield return Said(nameof(options.ReplicaBucket), bucket);
        }

        if (options.ReplicaRegion is null)
        {
            yield return Said(nameof(options.ReplicaRegion), "must be set: a replica in the same region would fail with the first.");
        }
        else if (ProblemOfRegion(options.ReplicaRegion, options.ReplicaEndpoint) is { } region)
        {
            yield return Said(nameof(options.ReplicaRegion), region);
        }

        // However the first bucket's address is given: the replica must not be AWS's where the first is not.
        if (options.ReplicaEndpoint is null && OtherServer(places, options.Endpoint, options.Region) is { } other)
        {
            yield return Said(nameof(options.ReplicaEndpoint), $"must be set where the first bucket's address is given ({other}): the replica is at another.");
        }

        if (options.ReplicaEndpoint is { } endpoint && !AwsOptionsCheck.IsWeb(endpoint))
        {
            yield return Said(nameof(options.ReplicaEndpoint), "must begin with https:// or http://.");
        }
    }

    // Certificates cover one name before s3.region: a bucket with dots could only be spoken to without them.
    internal static string? ProblemOfBucket(string? bucket) => bucket switch
    {
        null or "" => "must be set: the bucket's name.",
        _ when bucket.Contains('.', StringComparison.Ordinal) => $"\"{bucket}\" has dots, with which S3's certificate does not hold; take a bucket whose name has only small letters, digits and hyphens.",
        _ when !BucketName().IsMatch(bucket) => $"\"{bucket}\" is not a bucket's name: 3 to 63 small letters, digits and hyphens, with a letter or digit at both ends.",
        _ => null,
    };

    /// <summary>The address that is given for S3, by its own option or by the environment; null where it is the region's own, of AWS.</summary>
    internal static Uri? OtherServer(AwsPlaces places, Uri? endpoint, string? region) =>
        endpoint ?? (places.Problem(AwsService.S3, null, region) is null && places.Find(AwsService.S3, null, region).Endpoint is var found && !S3Place.IsAws(found) ? found : null);

    // Other servers than AWS's name theirs as they like.
    internal static string? ProblemOfRegion(string? region, Uri? endpoint) =>
        region is null || (endpoint is null ? RegionName() : AnyName()).IsMatch(region) ? null : $"\"{region}\" is not a region such as eu-west-2.";

    private static string Said(string key, string problem) => $"{S3Options.Section}:{key}: {problem}";

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"^[a-z]{2}(?:-[a-z]+){1,3}-[0-9]{1,2}\z")]
    private static partial Regex RegionName();

    [GeneratedRegex(@"^[A-Za-z0-9-]{2,40}\z")]
    private static partial Regex AnyName();
}
