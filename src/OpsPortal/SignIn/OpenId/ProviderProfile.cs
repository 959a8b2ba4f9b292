using Microsoft.Extensions.Options;

namespace OpsPortal.SignIn.OpenId;

/// <summary>The provider as configured: the preset's defaults with what the options say in their place.</summary>
internal sealed class ProviderProfile(IOptions<ProviderOptions> options)
{
    private readonly Defaults _defaults = DefaultsOf(options.Value);

    public ProviderOptions Options => options.Value;

    /// <summary>The authority without a slash at its end, as issuers are written.</summary>
    public string Authority { get; } = options.Value.Authority?.OriginalString.TrimEnd('/') ?? "";

    public string ClientId => Options.ClientId!;

    /// <summary>What is asked for.</summary>
    public IReadOnlyList<string> Scopes { get; } = [.. (options.Value.Scopes.Length > 0 ? options.Value.Scopes : DefaultsOf(options.Value).Scopes).Prepend("openid").Distinct(StringComparer.Ordinal)];

    /// <summary>What the claims are called.</summary>
    public ClaimNames Names => new(
        Or(Options.NameClaims, _defaults.Name), Or(Options.RoleClaims, _defaults.Roles), Or(Options.DepotClaims, _defaults.Depots), Or(Options.LineClaims, _defaults.Lines), Or(Options.ClassClaims, _defaults.Classes));

    /// <summary>Where too many groups are asked for.</summary>
    public Uri? GroupsEndpoint => Options.GroupsEndpoint ?? (Options.Preset == ProviderPreset.EntraId ? new Uri("https://graph.microsoft.com/v1.0/me/getMemberGroups") : null);

    /// <summary>Whether the issuer is the given one; with <c>{tenantid}</c> that of a tenant that may come in.</summary>
    public bool IsIssuer(string issuer, string? tenant)
    {
        if (Options.Issuer?.Contains(ProviderOptionsCheck.TenantPlace, StringComparison.Ordinal) != true)
        {
            return string.Equals(issuer, ExpectedIssuer, StringComparison.Ordinal);
        }

        return tenant is not null && Options.Tenants.Contains(tenant, StringComparer.OrdinalIgnoreCase)
            && string.Equals(issuer, Options.Issuer.Replace(ProviderOptionsCheck.TenantPlace, tenant, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>Whether the provider's description names the issuer expected. A slash at the end is the one difference forgiven, and then taken over.</summary>
    public bool Describes(string issuer)
    {
        if (string.Equals(issuer.TrimEnd('/'), ExpectedIssuer.TrimEnd('/'), StringComparison.Ordinal))
        {
            ExpectedIssuer = issuer;
            return true;
        }

        return false;
    }

    /// <summary>As the description writes it, once it has been read.</summary>
    public string ExpectedIssuer { get; private set; } = options.Value.Issuer ?? options.Value.Authority?.OriginalString.TrimEnd('/') ?? "";

    /// <summary>What is said at the provider's sign-out. Cognito has words of its own.</summary>
    public Dictionary<string, string?> SignOutQuery(string? idToken, string back) => Options.Preset == ProviderPreset.Cognito
        ? new() { ["client_id"] = ClientId, ["logout_uri"] = back }
        : new() { ["id_token_hint"] = idToken, ["client_id"] = ClientId, ["post_logout_redirect_uri"] = back };

    private static IReadOnlyList<string> Or(string[] said, IReadOnlyList<string> otherwise) => said.Length > 0 ? said : otherwise;

    private static Defaults DefaultsOf(ProviderOptions options) => options.Preset switch
    {
        ProviderPreset.EntraId => new(["profile", "offline_access"], ["name", "preferred_username"], ["roles", "groups"], ["depots", "extn.depots"], ["lines", "extn.lines"], ["classes", "extn.classes"]),
        ProviderPreset.Cognito => new(["profile"], ["name", "cognito:username", "username"], ["cognito:groups"], ["depots", "custom:depots"], ["lines", "custom:lines"], ["classes", "custom:classes"]),
        ProviderPreset.Okta => new(["profile", "groups", "offline_access"], ["name", "preferred_username"], ["groups", "roles"], ["depots"], ["lines"], ["classes"]),
        ProviderPreset.Keycloak => new(["profile"], ["name", "preferred_username"], ["roles", "realm_access.roles", $"resource_access.{options.ClientId}.roles", "groups"], ["depots"], ["lines"], ["classes"]),
        _ => new(["profile"], ["name", "preferred_username"], ["roles", "groups"], ["depots"], ["lines"], ["classes"]),
    };

    private sealed record Defaults(
        IReadOnlyList<string> Scopes, IReadOnlyList<string> Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Depots, IReadOnlyList<string> Lines, IReadOnlyList<string> Classes);
}
