using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Where a service is spoken to, and the region that its signature names.</summary>
internal sealed record AwsPlace(Uri Endpoint, string Region);

/// <summary>
/// The one place that says where a service is: its own option, AWS_ENDPOINT_URL_(service), Aws:EndpointUrl, AWS_ENDPOINT_URL, the
/// region's own address. The environment is read through the configuration, like everything else.
/// </summary>
internal sealed partial class AwsPlaces(IConfiguration configuration, IOptions<AwsOptions> options)
{
    // A server that is not AWS's takes any region; one must stand in the signature.
    private const string AnyRegion = "us-east-1";

    /// <summary>The service's place.</summary>
    /// <param name="endpoint">The service's own option.</param>
    /// <param name="region">The service's own option.</param>
    /// <exception cref="InvalidOperationException">There is none; says which key to set.</exception>
    public AwsPlace Find(AwsService service, Uri? endpoint, string? region)
    {
        var given = endpoint ?? Given(service);
        var known = Known(region) ?? Known(options.Value.Region) ?? Known(configuration["AWS_REGION"]) ?? Known(configuration["AWS_DEFAULT_REGION"]);
        if (given is not null)
        {
            return new AwsPlace(given, known ?? RegionOf(given) ?? AnyRegion);
        }

        if (known is null)
        {
            throw new InvalidOperationException($"{AwsOptions.Section}:{nameof(AwsOptions.Region)}: no region is known for {service.SigningName}; set it, or AWS_REGION (a profile's is not read).");
        }

        return new AwsPlace(service.RegionalEndpoint(known) ?? throw new InvalidOperationException($"{service.SigningName} has no address of the region's own: set the service's Endpoint, or AWS_ENDPOINT_URL_{service.EnvironmentName}."), known);
    }

    /// <summary>What keeps the service from having a place, in words; null when nothing does. For checks at start.</summary>
    public string? Problem(AwsService service, Uri? endpoint, string? region)
    {
        try
        {
            return AwsOptionsCheck.IsWeb(Find(service, endpoint, region).Endpoint) ? null : $"The address of {service.SigningName} must begin with https:// or http://.";
        }
        catch (Exception e) when (e is InvalidOperationException or UriFormatException)
        {
            return e.Message;
        }
    }

    private Uri? Given(AwsService service) =>
        Named(service.EnvironmentName) ?? Named(service.AlsoNamed) ?? options.Value.EndpointUrl ?? Address(configuration["AWS_ENDPOINT_URL"]);

    private Uri? Named(string? service) => service is null ? null : Address(configuration[$"AWS_ENDPOINT_URL_{service}"]);

    private static Uri? Address(string? text) => string.IsNullOrWhiteSpace(text) ? null : new Uri(text, UriKind.Absolute);

    private static string? Known(string? region) => string.IsNullOrWhiteSpace(region) ? null : region;

    // search-fleet-abc.eu-west-2.es.amazonaws.com, abc-ats.iot.eu-west-2.amazonaws.com
    private static string? RegionOf(Uri endpoint) =>
        endpoint.Host.Contains(".amazonaws.com", StringComparison.Ordinal) ? endpoint.Host.Split('.').FirstOrDefault(part => RegionName().IsMatch(part)) : null;

    [GeneratedRegex(@"^[a-z]{2}(?:-[a-z]+){1,2}-\d{1,2}$")]
    private static partial Regex RegionName();
}
