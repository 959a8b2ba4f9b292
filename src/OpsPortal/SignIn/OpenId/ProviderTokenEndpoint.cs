using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace OpsPortal.SignIn.OpenId;

/// <summary>What the provider gave for a code or a refresh token.</summary>
internal sealed record ProviderTokens(string? IdToken, string? AccessToken, string? RefreshToken);

/// <summary>Exchanges codes and refresh tokens, and asks about people, each with the proof that the provider wants.</summary>
internal sealed class ProviderTokenEndpoint(ProviderMetadata metadata, ProviderProfile profile, ProviderHttp http, ClientSecret clientSecret)
{
    /// <summary>Tokens for a code.</summary>
    /// <exception cref="SignInRefusedException">The provider refuses: a code that was used, is too old, or was given to somebody else.</exception>
    public async Task<ProviderTokens> ExchangeAsync(string code, string redirectUri, string verifier, CancellationToken cancellationToken) =>
        await AskAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirectUri, ["code_verifier"] = verifier }, cancellationToken)
            ?? throw new SignInRefusedException(SignInTrouble.Failed, "The provider does not take the code.");

    /// <summary>New tokens for a refresh token; null when the provider says that it holds no more.</summary>
    public Task<ProviderTokens?> RenewAsync(string refreshToken, CancellationToken cancellationToken) =>
        AskAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellationToken);

    /// <summary>What the provider says of whom the access token stands for; null when it has nothing to say.</summary>
    public async Task<JsonElement?> AskUserInfoAsync(string accessToken, CancellationToken cancellationToken)
    {
        var address = (await metadata.GetConfigurationAsync(cancellationToken)).UserInfoEndpoint;
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var (status, text) = await http.SendAsync(request, cancellationToken);
        return status == StatusCodes.Status200OK ? ProviderHttp.ReadObject(text, "What userinfo answers") : throw RefusedOrDown("userinfo", status);
    }

    /// <summary>The groups that the id_token had no room for.</summary>
    public async Task<IReadOnlyList<string>> AskGroupsAsync(string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, profile.GroupsEndpoint) { Content = JsonContent.Create(new { securityEnabledOnly = false }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var (status, text) = await http.SendAsync(request, cancellationToken);
        return status == StatusCodes.Status200OK
            ? ClaimsReader.Values(ProviderHttp.ReadObject(text, "The list of groups"), "value") ?? throw new SignInRefusedException(SignInTrouble.Failed, "The list of groups has no value.")
            : throw RefusedOrDown("the list of groups", status);
    }

    private async Task<ProviderTokens?> AskAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        var configuration = await metadata.GetConfigurationAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenEndpoint);
        Prove(request, form, configuration, await clientSecret.GetAsync(cancellationToken));
        request.Content = new FormUrlEncodedContent(form);
        var (status, text) = await http.SendAsync(request, cancellationToken);
        if (status == StatusCodes.Status200OK)
        {
            var answer = ProviderHttp.ReadObject(text, "What the token endpoint answers");
            return new ProviderTokens(ClaimsReader.Text(answer, "id_token"), ClaimsReader.Text(answer, "access_token"), ClaimsReader.Text(answer, "refresh_token"));
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            clientSecret.Forget();
        }

        // invalid_grant speaks of the code or the person; all else of this portal's own settings, or of trouble over there.
        return status == StatusCodes.Status400BadRequest && IsInvalidGrant(text) ? null : throw RefusedOrDown("the token endpoint", status);
    }

    private void Prove(HttpRequestMessage request, Dictionary<string, string> form, OpenIdConnectConfiguration configuration, string? secret)
    {
        if (secret is null)
        {
            form["client_id"] = profile.ClientId;
            return;
        }

        var ways = configuration.TokenEndpointAuthMethodsSupported;
        if (ways.Count == 0 || ways.Contains("client_secret_basic"))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{FormEncoded(profile.ClientId)}:{FormEncoded(secret)}")));
            return;
        }

        form["client_id"] = profile.ClientId;
        form["client_secret"] = secret;
    }

    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static bool IsInvalidGrant(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return ClaimsReader.Text(document.RootElement, "error") == "invalid_grant";
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Exception RefusedOrDown(string what, int status) =>
        status >= 500 || status == StatusCodes.Status429TooManyRequests
            ? new ProviderUnavailableException($"The provider answers {status} for {what}.")
            : new SignInRefusedException(SignInTrouble.Failed, $"The provider answers {status} for {what}: look at OpenIdConnect:ClientId, its secret, and what the provider allows this portal.");
}
