using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Refuses what only the machine can tell: an address that is none, a file that cannot be read.</summary>
internal sealed class AwsOptionsCheck : IValidateOptions<AwsOptions>
{
    public ValidateOptionsResult Validate(string? name, AwsOptions options)
    {
        var failures = new List<string>();
        if (options.EndpointUrl is { } url && !IsWeb(url))
        {
            failures.Add($"{AwsOptions.Section}:{nameof(AwsOptions.EndpointUrl)}: must begin with https:// or http://.");
        }

        if (options.CaFile is { Length: > 0 } file && ProblemOfCaFile(file) is { } problem)
        {
            failures.Add($"{AwsOptions.Section}:{nameof(AwsOptions.CaFile)}: {problem}");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>An absolute http or https address.</summary>
    public static bool IsWeb(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);

    /// <summary>What keeps a file of certificate authorities from being used, in words; null when nothing does.</summary>
    public static string? ProblemOfCaFile(string file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found.Count > 0 ? null : $"{file} holds no certificate in PEM form.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"cannot be read: {e.Message}";
        }
    }
}
