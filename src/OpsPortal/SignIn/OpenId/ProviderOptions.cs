using System.ComponentModel.DataAnnotations;

namespace OpsPortal.SignIn.OpenId;

/// <summary>Providers whose peculiarities are known; see README.md of this room.</summary>
internal enum ProviderPreset
{
    /// <summary>A provider that keeps to the standards.</summary>
    None,
    EntraId,
    Cognito,
    Okta,
    Keycloak,
}

/// <summary>When the provider is asked for more about a person than the id_token says.</summary>
internal enum UserInfoUse
{
    /// <summary>When the id_token lacks name, roles or scope.</summary>
    WhenNeeded,
    Always,
    Never,
}

/// <summary>What happens when somebody is in more groups than the id_token takes and it only says so.</summary>
internal enum GroupOverage
{
    /// <summary>They are not signed in: without their groups nobody knows what they may do.</summary>
    Refuse,

    /// <summary>The groups are asked for at <see cref="ProviderOptions.GroupsEndpoint"/>.</summary>
    Ask,
}

/// <summary>The identity provider. Section <c>OpenIdConnect</c>, read with SignIn:Mode "OpenIdConnect".</summary>
internal sealed class ProviderOptions
{
    public const string Section = "OpenIdConnect";

    /// <summary>Defaults for a known provider: None (default), EntraId, Cognito, Okta, Keycloak.</summary>
    [EnumDataType(typeof(ProviderPreset))]
    public ProviderPreset Preset { get; init; }

    /// <summary>The provider's address; <c>/.well-known/openid-configuration</c> is read below it. https, plain http on loopback only. Must be set.</summary>
    public Uri? Authority { get; init; }

    /// <summary>The issuer that tokens name. Default: the authority. With <c>{tenantid}</c> in it many tenants are taken: those of <see cref="Tenants"/>.</summary>
    public string? Issuer { get; init; }

    /// <summary>Tenants that may come in where the issuer holds <c>{tenantid}</c>. Default none.</summary>
    public string[] Tenants { get; init; } = [];

    /// <summary>This portal's name at the provider. Must be set.</summary>
    public string? ClientId { get; init; }

    /// <summary>Its secret there; better <see cref="ClientSecretFile"/> or the environment. None for a public client: PKCE is used either way.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>File that holds nothing but the secret.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>Name or ARN of the secret in AWS Secrets Manager, with <c>#field</c> behind it when it is a JSON object.</summary>
    public string? ClientSecretId { get; init; }

    /// <summary>What the sign-in page calls the provider. Default "your organisation".</summary>
    [StringLength(60, MinimumLength = 1)]
    public string Name { get; init; } = "your organisation";

    /// <summary>What is asked for. Default by preset; openid is always among them.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>Claims that say roles or groups; a dot leads into an object. Default by preset.</summary>
    public string[] RoleClaims { get; init; } = [];

    /// <summary>Claims that say the person's name, first found first. Default by preset.</summary>
    public string[] NameClaims { get; init; } = [];

    /// <summary>Claims that say depots. Default by preset.</summary>
    public string[] DepotClaims { get; init; } = [];

    /// <summary>Claims that say lines. Default by preset.</summary>
    public string[] LineClaims { get; init; } = [];

    /// <summary>Claims that say train classes. Default by preset.</summary>
    public string[] ClassClaims { get; init; } = [];

    /// <summary>Whether userinfo is asked. Default WhenNeeded.</summary>
    [EnumDataType(typeof(UserInfoUse))]
    public UserInfoUse UserInfo { get; init; }

    /// <summary>What happens with too many groups for an id_token. Default Refuse.</summary>
    [EnumDataType(typeof(GroupOverage))]
    public GroupOverage GroupOverage { get; init; }

    /// <summary>Where groups are asked for. Default with Entra ID: Microsoft Graph's list of a person's groups.</summary>
    public Uri? GroupsEndpoint { get; init; }

    /// <summary>Where people sign out, where the provider's description does not say.</summary>
    public Uri? EndSessionEndpoint { get; init; }

    /// <summary>Access tokens for this audience open the HTTP API. Default none: then no access token does.</summary>
    public string? ApiAudience { get; init; }

    /// <summary>How far the provider's clock may be off. Default 2 min, 0 to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the provider is asked, by refresh token, whether somebody who works here still may, and as what. Default 4 min, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AskEvery { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How often its description and keys are read anew; unknown keys are looked for at once. Default 1 h, 1 min to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ReadKeysEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>One question to the provider may take this long. Default 10 s, 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A PEM file of certificate authorities trusted beside the system's. Default none.</summary>
    public string? CaFile { get; init; }
}
