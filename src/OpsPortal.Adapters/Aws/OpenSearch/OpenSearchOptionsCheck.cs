using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>Refuses a start without an address, with a password in it, and with half a sign-in.</summary>
internal sealed class OpenSearchOptionsCheck(AwsPlaces places) : IValidateOptions<OpenSearchOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenSearchOptions options)
    {
        var failures = new List<string>();
        if (places.Problem(OpenSearchConnection.ServiceOf(options), options.Endpoint, options.Region) is { } problem)
        {
            failures.Add($"{OpenSearchOptions.Section}:{nameof(OpenSearchOptions.Endpoint)}: {problem}");
        }
        else if (places.Find(OpenSearchConnection.ServiceOf(options), options.Endpoint, options.Region).Endpoint.UserInfo.Length > 0)
        {
            failures.Add($"{OpenSearchOptions.Section}:{nameof(OpenSearchOptions.Endpoint)}: a user and password in the address are not used, and would be shown with it. Set Sign=Basic, User and PasswordFile.");
        }

        if (options.Sign == AwsAccess.Basic && string.IsNullOrEmpty(options.User))
        {
            failures.Add($"{OpenSearchOptions.Section}:{nameof(OpenSearchOptions.User)}: must be set with Sign=Basic.");
        }

        if (options.Sign == AwsAccess.Basic && !OpenSearchConnection.PasswordOf(options).IsNamed)
        {
            failures.Add($"{OpenSearchOptions.Section}:{nameof(OpenSearchOptions.PasswordFile)}: with Sign=Basic one of PasswordFile, PasswordSecret and Password must be set.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
