using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>
/// A server that a contract is run on in place of the tests' own: the one that the environment names for a service, as the AWS SDKs read it, with the
/// environment's keys and region (test, test and us-east-1 where it has none).
/// </summary>
internal sealed record Elsewhere(Uri Address, AwsKeys Keys, string Region)
{
    /// <summary>Null where the environment names none: AWS_ENDPOINT_URL_(service), then AWS_ENDPOINT_URL, then an older name.</summary>
    public static Elsewhere? Of(AwsService service, string older = "") => Of(service, older, Environment.GetEnvironmentVariable);

    /// <param name="read">The environment.</param>
    public static Elsewhere? Of(AwsService service, string older, Func<string, string?> read)
    {
        string? First(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (read(name) is { Length: > 0 } value)
                {
                    return value;
                }
            }

            return null;
        }

        var address = First($"AWS_ENDPOINT_URL_{service.EnvironmentName}", $"AWS_ENDPOINT_URL_{service.AlsoNamed ?? service.EnvironmentName}", "AWS_ENDPOINT_URL", older);
        return address is null ? null : new Elsewhere(
            new Uri(address),
            new AwsKeys(First("AWS_ACCESS_KEY_ID") ?? "test", First("AWS_SECRET_ACCESS_KEY") ?? "test", First("AWS_SESSION_TOKEN"), null),
            First("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1");
    }
}
