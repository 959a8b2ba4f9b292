using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace OpsPortal.SignIn.OpenId;

/// <summary>What is kept of the provider's tokens, encrypted: the refresh token, to ask again, and the id_token, to sign out with. No access token is kept.</summary>
internal sealed class SealedTokens(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("OpsPortal.SignIn.OpenId.Tokens");

    public string Seal(ProviderTokens tokens) => _protector.Protect(JsonSerializer.Serialize(tokens with { AccessToken = null }));

    /// <summary>The tokens; null when they were sealed with keys that are lost.</summary>
    public ProviderTokens? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ProviderTokens>(_protector.Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}
