using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>Refuses half a place of files, and what has no business in a statement.</summary>
internal sealed partial class UnloadOptionsCheck(AwsPlaces places) : IValidateOptions<UnloadOptions>
{
    public ValidateOptionsResult Validate(string? name, UnloadOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(UnloadOptions options)
    {
        if (options.Bucket is null)
        {
            if (options.Role is not null)
            {
                yield return Said(nameof(options.Bucket), "must be set where Role is: the bucket that Redshift writes to.");
            }

            yield break;
        }

        if (S3OptionsCheck.ProblemOfBucket(options.Bucket) is { } bucket)
        {
            yield return Said(nameof(options.Bucket), bucket);
        }

        if (string.IsNullOrEmpty(options.Role))
        {
            yield return Said(nameof(options.Role), "must be set where Bucket is: the ARN of the role by which Redshift writes there, or default.");
        }
        else if (!RoleName().IsMatch(options.Role))
        {
            yield return Said(nameof(options.Role), $"\"{options.Role}\" is neither default nor the ARN of a role such as arn:aws:iam::123456789012:role/unload, nor several with commas between.");
        }

        if (S3OptionsCheck.ProblemOfRegion(options.Region, S3OptionsCheck.OtherServer(places, options.Endpoint, options.Region)) is { } region)
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
    }

    private static string Said(string key, string problem) => $"{UnloadOptions.Section}:{key}: {problem}";

    [GeneratedRegex(@"^(?:default|arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=.@_/-]{1,512}(?:,arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=.@_/-]{1,512}){0,9})\z")]
    private static partial Regex RoleName();
}
