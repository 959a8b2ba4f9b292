using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpsPortal.Core.Access;
using OpsPortal.Door;

namespace OpsPortal.SignIn.OpenId;

/// <summary>The provider's access tokens, for programs that call the HTTP API as a person or as themselves: the API only, for the audience only, no session.</summary>
internal static class AccessTokenScheme
{
    public const string Name = "AccessToken";

    private const string BearerPrefix = "Bearer ";
    private const string Refusal = "The access token is not the provider's, not for this API, too old, or gives no role here; and this address must be part of the API.";

    private static readonly PathString[] Opens = ["/api", "/openapi"];

    /// <summary>Whether the request shows something of a token's form. A session's id and a personal token hold no dots.</summary>
    public static bool IsShown(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) && header.Count(character => character == '.') == 2;

    /// <summary>Adds the scheme where an audience is configured.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication().AddJwtBearer(Name, _ => { });
        services.AddOptions<JwtBearerOptions>(Name).Configure<ProviderProfile, ProviderKeys, TimeProvider>(Set);
        services.AddOptions<AuthenticationSchemeOptions>(SessionScheme.Name).Configure(session =>
        {
            var other = session.ForwardDefaultSelector;
            session.ForwardDefaultSelector = context => IsShown(context.Request) ? Name : other?.Invoke(context);
        });
    }

    private static void Set(JwtBearerOptions bearer, ProviderProfile profile, ProviderKeys keys, TimeProvider time)
    {
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(keys);
        bearer.SaveToken = false;
        bearer.IncludeErrorDetails = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = profile.Options.ApiAudience,
            IssuerValidator = (issuer, token, _) => profile.IsIssuer(issuer, token is JsonWebToken web && web.TryGetPayloadValue<string>("tid", out var tenant) ? tenant : null) ? issuer : throw new SecurityTokenInvalidIssuerException("Another issuer."),
            LifetimeValidator = (from, to, _, _) => to is { } end && end > (time.GetUtcNow() - profile.Options.ClockSkew).UtcDateTime && !(from > (time.GetUtcNow() + profile.Options.ClockSkew).UtcDateTime),
        };
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = OnlyApi,
            OnTokenValidated = Become,
            OnChallenge = RefuseAsync,
            OnForbidden = context => Refusals(context.HttpContext).RefuseAsync(context.HttpContext, StatusCodes.Status403Forbidden, "Your role may not do this."),
        };
    }

    private static Task OnlyApi(MessageReceivedContext context)
    {
        if (!Opens.Any(path => context.Request.Path.StartsWithSegments(path)))
        {
            context.Fail("An access token opens the API only.");
        }

        return Task.CompletedTask;
    }

    private static Task Become(TokenValidatedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var token = (JsonWebToken)context.SecurityToken;
        try
        {
            var claims = ProviderHttp.ReadObject(Base64UrlEncoder.Decode(token.EncodedPayload), "The access token");
            if (IsOfAnotherKind(token, claims))
            {
                context.Fail("It is no access token.");
                return Task.CompletedTask;
            }

            var user = services.GetRequiredService<ClaimsReader>().Read(claims, services.GetRequiredService<ProviderProfile>().Names, token.Issuer, ProviderTokenCheck.Subject(claims));
            var ends = new DateTimeOffset(DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc));
            context.Principal = new ClaimsPrincipal(new SignedInIdentity(user, $"access:{SessionId.Hash(token.EncodedSignature)}", "", Proof.Bearer, ends)
            {
                AuthenticatedAt = ProviderTokenCheck.Moment(claims, "auth_time") ?? DateTimeOffset.MinValue,
                SaidAt = SaidAt(claims, services.GetRequiredService<TimeProvider>().GetUtcNow()),
            });
            context.Properties.ExpiresUtc = ends;
        }
        catch (SignInRefusedException e)
        {
            context.Fail(e);
        }

        return Task.CompletedTask;
    }

    // By a clock that is before ours it would be later than what is taken away now.
    private static DateTimeOffset SaidAt(JsonElement claims, DateTimeOffset now) =>
        ProviderTokenCheck.Moment(claims, "iat") is { } at ? at < now ? at : now : DateTimeOffset.MinValue;

    // An id_token says who somebody is, a logout token that they have gone: neither that a program may come in for them.
    private static bool IsOfAnotherKind(JsonWebToken token, JsonElement claims) =>
        claims.TryGetProperty("nonce", out _) || claims.TryGetProperty("events", out _) || claims.TryGetProperty("at_hash", out _)
        || (claims.TryGetProperty("token_use", out var use) && use.ValueKind == JsonValueKind.String && use.GetString() != "access")
        || (token.Typ is { Length: > 0 } type && type.ToUpperInvariant() is not ("JWT" or "AT+JWT" or "APPLICATION/AT+JWT"));

    private static Task RefuseAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusals(context.HttpContext).RefuseAsync(context.HttpContext, StatusCodes.Status401Unauthorized, Refusal);
    }

    private static Refusals Refusals(HttpContext context) => context.RequestServices.GetRequiredService<Refusals>();
}
