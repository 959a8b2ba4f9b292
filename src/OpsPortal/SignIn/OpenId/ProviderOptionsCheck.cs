using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace OpsPortal.SignIn.OpenId;

/// <summary>Refuses a start with half a provider; nothing is looked at in other modes.</summary>
internal sealed class ProviderOptionsCheck(IConfiguration configuration) : IValidateOptions<ProviderOptions>
{
    /// <summary>What stands in the issuer of a provider of many tenants.</summary>
    public const string TenantPlace = "{tenantid}";

    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        if (configuration[$"{SignInOptions.Section}:{nameof(SignInOptions.Mode)}"] != SignInOptions.OpenIdConnect)
        {
            return ValidateOptionsResult.Skip;
        }

        var wrong = Addresses(options).Concat(Rest(options)).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong.Select(problem => $"{ProviderOptions.Section}:{problem}"));
    }

    /// <summary>https anywhere, plain http on this very machine.</summary>
    public static bool IsSafe(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && LoopbackOnly.IsLoopbackHost(address.Host))) && address.UserInfo.Length == 0;

    private static IEnumerable<string> Addresses(ProviderOptions options)
    {
        if (options.Authority is null)
        {
            yield return "Authority: must be set with SignIn:Mode \"OpenIdConnect\": the provider's address, such as https://login.example/realm.";
        }
        else if (!IsSafe(options.Authority) || options.Authority.Query.Length > 0 || options.Authority.Fragment.Length > 0)
        {
            yield return "Authority: must be an https address without user, query and fragment; plain http is taken on loopback only.";
        }

        foreach (var (key, address) in new[] { (nameof(options.EndSessionEndpoint), options.EndSessionEndpoint), (nameof(options.GroupsEndpoint), options.GroupsEndpoint) })
        {
            if (address is not null && !IsSafe(address))
            {
                yield return $"{key}: must be an https address; plain http is taken on loopback only.";
            }
        }

        var isTemplate = options.Issuer?.Contains(TenantPlace, StringComparison.Ordinal) == true;
        if (isTemplate && (options.Tenants.Length == 0 || options.Tenants.Any(tenant => !Guid.TryParse(tenant, out _))))
        {
            yield return $"Tenants: must name the tenants that may come in, by their ids, because Issuer holds {TenantPlace}.";
        }

        if (!isTemplate && options.Tenants.Length > 0)
        {
            yield return $"Tenants: are told apart only where Issuer holds {TenantPlace}, such as https://login.microsoftonline.com/{TenantPlace}/v2.0.";
        }
    }

    private static IEnumerable<string> Rest(ProviderOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            yield return "ClientId: must be set with SignIn:Mode \"OpenIdConnect\": this portal's name at the provider.";
        }

        if (!string.IsNullOrEmpty(options.ApiAudience) && options.ApiAudience == options.ClientId)
        {
            yield return "ApiAudience: must be another one than ClientId: id_tokens are for that, and open no API.";
        }

        if (new[] { options.ClientSecret, options.ClientSecretFile, options.ClientSecretId }.Count(place => !string.IsNullOrEmpty(place)) > 1)
        {
            yield return "ClientSecretFile: give one of ClientSecretFile, ClientSecretId and ClientSecret.";
        }

        if (!string.IsNullOrEmpty(options.ClientSecretFile) && ProblemOf(() => File.ReadAllText(options.ClientSecretFile).Trim().Length > 0, "is empty") is { } secret)
        {
            yield return $"ClientSecretFile: {secret}";
        }

        if (!string.IsNullOrEmpty(options.CaFile) && ProblemOf(() => HoldsCertificate(options.CaFile), "holds no certificate in PEM form") is { } authority)
        {
            yield return $"CaFile: {authority}";
        }

        if (options.GroupOverage == GroupOverage.Ask && options.GroupsEndpoint is null && options.Preset != ProviderPreset.EntraId)
        {
            yield return "GroupsEndpoint: must be set with GroupOverage \"Ask\"; only Preset EntraId has one of its own.";
        }

        foreach (var (key, list) in new[] { ("Scopes", options.Scopes), ("RoleClaims", options.RoleClaims), ("NameClaims", options.NameClaims), ("DepotClaims", options.DepotClaims), ("LineClaims", options.LineClaims), ("ClassClaims", options.ClassClaims) })
        {
            if (list.Any(text => string.IsNullOrWhiteSpace(text) || text.Any(char.IsWhiteSpace)))
            {
                yield return $"{key}: is a list of names without spaces, such as {key}:0=name.";
            }
        }
    }

    private static bool HoldsCertificate(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found.Count > 0;
    }

    // Says where it was looked, never what was found.
    private static string? ProblemOf(Func<bool> isGood, string otherwise)
    {
        try
        {
            return isGood() ? null : $"the file {otherwise}.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"the file cannot be read: {e.Message}";
        }
    }
}
