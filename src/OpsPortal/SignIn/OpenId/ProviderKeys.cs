using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace OpsPortal.SignIn.OpenId;

/// <summary>
/// Looks at tokens with the provider's public keys. One that those do not fit may be signed with a new key: then it is looked at once
/// more with newer keys, where there are any.
/// </summary>
internal sealed class ProviderKeys : JsonWebTokenHandler
{
    /// <summary>Signatures taken.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Longest token looked at, in characters.</summary>
    public const int LargestToken = 250 * 1024;

    private readonly ProviderMetadata _metadata;

    public ProviderKeys(ProviderMetadata metadata)
    {
        _metadata = metadata;
        (MaximumTokenSizeInBytes, MapInboundClaims) = (LargestToken, false);
    }

    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters) => ValidateAsync(token, validationParameters, CancellationToken.None);

    /// <summary>What comes of looking; keys and algorithms of the parameters are the provider's.</summary>
    /// <exception cref="ProviderUnavailableException">No keys are known and none can be had.</exception>
    public async Task<TokenValidationResult> ValidateAsync(string token, TokenValidationParameters parameters, CancellationToken cancellationToken)
    {
        var known = await _metadata.GetConfigurationAsync(cancellationToken);
        var result = await WithAsync(known);
        return MayBeOfNewKey(token, result) && await _metadata.FindNewerAsync(known, cancellationToken) is { } newer ? await WithAsync(newer) : result;

        Task<TokenValidationResult> WithAsync(OpenIdConnectConfiguration configuration)
        {
            var with = parameters.Clone();
            (with.ValidAlgorithms, with.RequireSignedTokens) = (Algorithms, true);
            with.IssuerSigningKeys = configuration.SigningKeys.Where(key => key is not SymmetricSecurityKey);
            return base.ValidateTokenAsync(token, with);
        }
    }

    // What no provider would sign, unsigned or with a secret, is no reason to ask for keys.
    private bool MayBeOfNewKey(string token, TokenValidationResult result) =>
        result.Exception is SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException && Algorithms.Contains(ReadJsonWebToken(token).Alg);
}
