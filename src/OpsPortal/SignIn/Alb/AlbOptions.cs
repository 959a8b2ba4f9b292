using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpsPortal.SignIn.OpenId;

namespace OpsPortal.SignIn.Alb;

/// <summary>An AWS application load balancer that signs people in. Section <c>Alb</c>, read with SignIn:Mode "Alb".</summary>
internal sealed class AlbOptions
{
    public const string Section = "Alb";

    /// <summary>The load balancer's region: where its public keys are. Must be set.</summary>
    public string? Region { get; init; }

    /// <summary>ARNs of the load balancers that are believed. At least one must be set.</summary>
    public string[] Signers { get; init; } = [];

    /// <summary>The identity provider's issuer, as the load balancer is set up with. Must be set.</summary>
    public string? Issuer { get; init; }

    /// <summary>The load balancer's client id there. Must be set.</summary>
    public string? ClientId { get; init; }

    /// <summary>Where public keys are read, by their name behind a slash. Default: the region's own, https://public-keys.auth.elb.REGION.amazonaws.com.</summary>
    public Uri? KeysEndpoint { get; init; }

    /// <summary>What the sign-in page calls the provider. Default "your organisation".</summary>
    [StringLength(60, MinimumLength = 1)]
    public string Name { get; init; } = "your organisation";

    /// <summary>Claims that say roles or groups. Default roles, groups.</summary>
    public string[] RoleClaims { get; init; } = [];

    /// <summary>How far the load balancer's clock may be off. Default 2 min, 0 to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Reading a key may take this long. Default 5 s, 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the claims are called.</summary>
    public ClaimNames Names => new(["name", "preferred_username", "username"], RoleClaims.Length > 0 ? RoleClaims : ["roles", "groups"], ["depots", "custom:depots"], ["lines", "custom:lines"], ["classes", "custom:classes"]);

    /// <summary>Where keys are read.</summary>
    public string Keys => KeysEndpoint?.OriginalString.TrimEnd('/') ?? $"https://public-keys.auth.elb.{Region}.amazonaws.com";
}

/// <summary>Refuses a start that would believe anybody's load balancer.</summary>
internal sealed partial class AlbOptionsCheck(IConfiguration configuration) : IValidateOptions<AlbOptions>
{
    public ValidateOptionsResult Validate(string? name, AlbOptions options)
    {
        if (configuration[$"{SignInOptions.Section}:{nameof(SignInOptions.Mode)}"] != SignInOptions.Alb)
        {
            return ValidateOptionsResult.Skip;
        }

        var wrong = Wrong(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong.Select(problem => $"{AlbOptions.Section}:{problem}"));
    }

    private static IEnumerable<string> Wrong(AlbOptions options)
    {
        if (options.Region is null || !RegionName().IsMatch(options.Region))
        {
            yield return "Region: must be set with SignIn:Mode \"Alb\", such as eu-west-2.";
        }

        if (options.Signers.Length == 0 || options.Signers.Any(signer => !Arn().IsMatch(signer)))
        {
            yield return "Signers: must name the load balancers that are believed, each as arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID.";
        }

        if (string.IsNullOrWhiteSpace(options.Issuer))
        {
            yield return "Issuer: must be set with SignIn:Mode \"Alb\": the provider's issuer, as the load balancer is set up with.";
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            yield return "ClientId: must be set with SignIn:Mode \"Alb\": the load balancer's name at the provider.";
        }

        if (options.KeysEndpoint is { } address && !ProviderOptionsCheck.IsSafe(address))
        {
            yield return "KeysEndpoint: must be an https address; plain http is taken on loopback only.";
        }
    }

    [GeneratedRegex("^[a-z]{2}(-[a-z]+)+-[0-9]$")]
    private static partial Regex RegionName();

    [GeneratedRegex("^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/app/[A-Za-z0-9-]+/[0-9a-f]+$")]
    private static partial Regex Arn();
}
