using System.Net;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>Refuses half a sign-in, a host that is none, and roles nobody has.</summary>
internal sealed class RedshiftOptionsCheck(AwsPlaces places) : IValidateOptions<RedshiftOptions>
{
    public ValidateOptionsResult Validate(string? name, RedshiftOptions options)
    {
        var failures = new List<string>();
        if (options.Host.Length > 0 && Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
        {
            failures.Add(Of(nameof(options.Host), "is a host name alone, without port or protocol, such as fleet.abc123.eu-west-2.redshift.amazonaws.com."));
        }

        if (options.Tls == RedshiftTls.None && !IsThisMachine(options.Host))
        {
            failures.Add(Of(nameof(options.Tls), "None is for a server on this machine; over a network it is VerifyFull."));
        }

        failures.AddRange(Login(options));
        foreach (var (role, group) in options.Groups)
        {
            if (!Enum.TryParse<Role>(role, ignoreCase: true, out var known) || !Enum.IsDefined(known))
            {
                failures.Add(Of($"{nameof(options.Groups)}:{role}", $"is no role. Roles are {string.Join(", ", Enum.GetNames<Role>())}."));
            }

            if (!group.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || group.Length is 0 or > 127)
            {
                failures.Add(Of($"{nameof(options.Groups)}:{role}", "is a group's name: lower-case letters, digits and _ only."));
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Login(RedshiftOptions options)
    {
        if (options.Login == RedshiftLogin.Password)
        {
            if (string.IsNullOrEmpty(options.User))
            {
                yield return Of(nameof(options.User), "must be set with Login=Password.");
            }

            if (!RedshiftCredentials.PasswordOf(options).IsNamed)
            {
                yield return Of(nameof(options.PasswordFile), "with Login=Password one of PasswordFile, PasswordSecret and Password must be set.");
            }

            yield break;
        }

        var (service, key, value) = options.Login == RedshiftLogin.Cluster
            ? (AwsService.Redshift, nameof(options.Cluster), options.Cluster)
            : (AwsService.RedshiftServerless, nameof(options.Workgroup), options.Workgroup);
        if (string.IsNullOrEmpty(value))
        {
            yield return Of(key, $"must be set with Login={options.Login}.");
        }

        if (places.Problem(service, options.Endpoint, options.Region) is { } problem)
        {
            yield return Of(nameof(options.Endpoint), problem);
        }
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static string Of(string key, string problem) => $"{RedshiftOptions.Section}:{key}: {problem}";
}
