using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.S3.Keys;

/// <summary>Refuses a bucket that cannot be spoken to, and the one that raw files are handed out of.</summary>
internal sealed class S3KeysOptionsCheck(AwsPlaces places, Microsoft.Extensions.Configuration.IConfiguration configuration) : IValidateOptions<S3KeysOptions>
{
    public ValidateOptionsResult Validate(string? name, S3KeysOptions options)
    {
        var failures = new List<string>();
        if (S3OptionsCheck.ProblemOfBucket(options.Bucket) is { } bucket)
        {
            failures.Add($"{S3KeysOptions.Section}:{nameof(options.Bucket)}: {bucket}");
        }
        else if (options.Bucket == configuration[$"{S3Options.Section}:{nameof(S3Options.Bucket)}"])
        {
            failures.Add($"{S3KeysOptions.Section}:{nameof(options.Bucket)}: is the bucket of the raw files; keys belong where nobody but the portal reads.");
        }

        if (places.Problem(AwsService.S3, options.Endpoint, options.Region) is { } place)
        {
            failures.Add($"{S3KeysOptions.Section}:{nameof(options.Endpoint)}: {place}");
        }

        if (options.CaFile is { Length: > 0 } file && AwsOptionsCheck.ProblemOfCaFile(file) is { } problem)
        {
            failures.Add($"{S3KeysOptions.Section}:{nameof(options.CaFile)}: {problem}");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
