using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace OpsPortal.SignIn.OpenId;

/// <summary>What the framework wants to know beforehand; addresses come from the provider's description instead.</summary>
internal sealed class ProviderSchemeOptions : OAuthOptions
{
    // There are no addresses to look at yet; what is configured has been looked at at the start.
    public override void Validate()
    {
    }
}

/// <summary>
/// The walk through the provider: the framework's OAuth handler does state, its cookie and PKCE; here are nonce, discovery, the
/// id_token, and which provider answered. Whoever comes back with something that does not fit gets one page: start again.
/// </summary>
internal sealed class ProviderHandler(
    IOptionsMonitor<ProviderSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ProviderRoom provider)
    : OAuthHandler<ProviderSchemeOptions>(options, logger, encoder)
{
    public const string Name = "OpenIdConnect";
    public const string CallbackPath = "/sign-in/callback";

    /// <summary>Set on a challenge when the person must prove anew who they are.</summary>
    public const string Afresh = "afresh";

    // So old no proof is at any provider: asked for any age at all, it says when it was, and asks nobody to sign in again.
    private const string AnyAge = "315360000";
    private const string Nonce = "nonce";
    private const int NonceBytes = 32;
    private const int LongestValue = 8 * 1024;

    private OpenIdConnectConfiguration? _configuration;

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        try
        {
            _configuration = await provider.Metadata.GetConfigurationAsync(Context.RequestAborted);
        }
        catch (ProviderUnavailableException)
        {
            Response.Redirect(SignInRefusedException.PageOf(SignInTrouble.Provider, properties.RedirectUri));
            return;
        }

        properties.Items[Nonce] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(NonceBytes));
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        if (properties.Items.ContainsKey(Afresh))
        {
            properties.Items[Afresh] = TimeProvider.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }

        // The framework writes client, scope, state and PKCE's challenge behind an address that stands for the provider's.
        var query = QueryHelpers.ParseQuery(new Uri(base.BuildChallengeUrl(properties, redirectUri)).Query).ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString());
        query[Nonce] = properties.Items[Nonce];
        query["max_age"] = AnyAge;
        if (properties.Items.ContainsKey(Afresh))
        {
            (query["max_age"], query["prompt"]) = ("0", "login");
        }

        return QueryHelpers.AddQueryString(_configuration!.AuthorizationEndpoint, query);
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        // By GET only: the answer comes in the address, and every field once.
        if (!HttpMethods.IsGet(Request.Method) || Request.Query.Any(field => field.Value.Count != 1 || field.Value.ToString().Length > LongestValue))
        {
            return HandleRequestResult.Fail("The answer is no answer of a provider.");
        }

        var configuration = await provider.Metadata.GetConfigurationAsync(Context.RequestAborted);
        return IsFromAnother(configuration) ? HandleRequestResult.Fail("The answer is another provider's (iss).") : await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        if (!context.Properties.Items.TryGetValue(OAuthConstants.CodeVerifierKey, out var verifier) || verifier is null)
        {
            return OAuthTokenResponse.Failed(new AuthenticationFailureException("PKCE's verifier is missing."));
        }

        var tokens = await provider.Endpoint.ExchangeAsync(context.Code, context.RedirectUri, verifier, Context.RequestAborted);
        return tokens.AccessToken is null
            ? OAuthTokenResponse.Failed(new AuthenticationFailureException("The provider gave no access token."))
            : OAuthTokenResponse.Success(JsonSerializer.SerializeToDocument(new { access_token = tokens.AccessToken, id_token = tokens.IdToken, refresh_token = tokens.RefreshToken }));
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(System.Security.Claims.ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var given = new ProviderTokens(ClaimsReader.Text(tokens.Response!.RootElement, "id_token"), tokens.AccessToken, tokens.RefreshToken);
        var after = properties.Items.TryGetValue(Afresh, out var asked) ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(asked!, CultureInfo.InvariantCulture)) : (DateTimeOffset?)null;
        var nonce = properties.Items.TryGetValue(Nonce, out var sent) && sent is { Length: > 0 } ? sent : throw new SignInRefusedException(SignInTrouble.Failed, "No nonce was sent.");
        var person = await provider.People.ReadAsync(given, new Expected(nonce, after), Context.RequestAborted);
        properties.SetParameter(nameof(ProviderPerson), person);
        return new AuthenticationTicket(SignedInPrincipal.Of(person.User), properties, Scheme.Name);
    }

    // Mix-up: with several providers about, an answer must say whose it is. One that says another's name is none of ours.
    private bool IsFromAnother(OpenIdConnectConfiguration configuration)
    {
        var says = Request.Query["iss"].ToString();
        var must = configuration.AuthorizationResponseIssParameterSupported;
        return says.Length > 0 ? says != configuration.Issuer : must;
    }
}

/// <summary>What the handler needs, in one hand.</summary>
internal sealed record ProviderRoom(ProviderMetadata Metadata, ProviderTokenEndpoint Endpoint, ProviderPeople People);
