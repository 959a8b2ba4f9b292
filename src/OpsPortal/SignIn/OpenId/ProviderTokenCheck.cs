using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OpsPortal.SignIn.OpenId;

/// <summary>What a sign-in sent and so expects to come back.</summary>
/// <param name="Nonce">Null where none was sent: when tokens are renewed.</param>
/// <param name="AuthenticatedAfter">The person must have proved who they are after this; null when any time will do.</param>
internal sealed record Expected(string? Nonce, DateTimeOffset? AuthenticatedAfter);

/// <summary>
/// Whether a token is the provider's and for this portal. Only signatures with the provider's public keys count: a token that is
/// unsigned, or signed with a public key as if it were a secret, is none, whatever its head says.
/// </summary>
internal sealed class ProviderTokenCheck(ProviderKeys keys, ProviderProfile profile, TimeProvider time)
{
    private const int LongestSubject = 255;
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    // A logout token is sent when it is made.
    private static readonly TimeSpan LogoutTokenLives = TimeSpan.FromMinutes(5);

    /// <summary>An id_token's claims.</summary>
    /// <exception cref="SignInRefusedException">It is none, or not for this sign-in.</exception>
    public async Task<JsonElement> ReadIdTokenAsync(string idToken, string? accessToken, Expected expected, CancellationToken cancellationToken)
    {
        var (token, claims) = await ReadAsync(idToken, profile.ClientId, mustExpire: true, cancellationToken);
        Subject(claims);
        CheckParty(token, claims);
        if (expected.Nonce is not null && !SameText(ClaimsReader.Text(claims, "nonce"), expected.Nonce))
        {
            throw Refused("the nonce is another one than was sent");
        }

        if (ClaimsReader.Text(claims, "at_hash") is { } hash && (accessToken is null || !SameText(hash, HalfHash(token.Alg, accessToken))))
        {
            throw Refused("at_hash is not that of the access token");
        }

        if (expected.AuthenticatedAfter is { } after && (Moment(claims, "auth_time") is not { } at || at < after - profile.Options.ClockSkew))
        {
            throw Refused("the person has not proved anew who they are");
        }

        return claims;
    }

    /// <summary>Whom a logout token ends.</summary>
    /// <exception cref="SignInRefusedException">It is none.</exception>
    public async Task<(string Issuer, string? Subject, string? SessionId, string Id)> ReadLogoutTokenAsync(string logoutToken, CancellationToken cancellationToken)
    {
        // Providers that keep to drafts of the standard send no exp, and iat, below, lets none grow old: refused, it would leave people signed in.
        var (token, claims) = await ReadAsync(logoutToken, profile.ClientId, mustExpire: false, cancellationToken);
        if (token.Typ is { Length: > 0 } type && !type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase) && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused("it is a token of another kind");
        }

        if (claims.TryGetProperty("nonce", out _) || !claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object || !events.TryGetProperty(LogoutEvent, out var said) || said.ValueKind != JsonValueKind.Object)
        {
            throw Refused("it is no logout token");
        }

        if (Moment(claims, "iat") is not { } at || time.GetUtcNow() - at > LogoutTokenLives + profile.Options.ClockSkew)
        {
            throw Refused("it is too old");
        }

        var (subject, session, id) = (ClaimsReader.Text(claims, "sub"), ClaimsReader.Text(claims, "sid"), ClaimsReader.Text(claims, "jti"));
        return string.IsNullOrEmpty(id) || (string.IsNullOrEmpty(subject) && string.IsNullOrEmpty(session))
            ? throw Refused("it names neither person nor session, or has no jti")
            : (token.Issuer, subject, session, id);
    }

    /// <summary>Who it is about.</summary>
    public static string Subject(JsonElement claims) =>
        ClaimsReader.Text(claims, "sub") is { Length: > 0 and <= LongestSubject } subject && !subject.Any(char.IsControl) ? subject : throw Refused("it says nobody it is about");

    /// <summary>A moment in Unix seconds; null when it is not said.</summary>
    public static DateTimeOffset? Moment(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private async Task<(JsonWebToken Token, JsonElement Claims)> ReadAsync(string text, string audience, bool mustExpire, CancellationToken cancellationToken)
    {
        if (text.Length is 0 or > ProviderKeys.LargestToken)
        {
            throw Refused("it is empty or too large");
        }

        // Issuer and times are looked at by us: many tenants, and a clock that tests move.
        var result = await keys.ValidateAsync(text, new TokenValidationParameters { ValidAudience = audience, ValidateIssuer = false, ValidateLifetime = false }, cancellationToken);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token)
        {
            throw Refused(result.Exception?.GetType().Name ?? "it is no token", result.Exception);
        }

        var claims = ProviderHttp.ReadObject(Base64UrlEncoder.Decode(token.EncodedPayload), "The token");
        CheckTimes(claims, mustExpire);
        return profile.IsIssuer(token.Issuer, ClaimsReader.Text(claims, "tid")) ? (token, claims) : throw Refused("its issuer is another one");
    }

    private void CheckTimes(JsonElement claims, bool mustExpire)
    {
        var (now, skew) = (time.GetUtcNow(), profile.Options.ClockSkew);
        if (Moment(claims, "exp") is { } end ? now - skew >= end : mustExpire)
        {
            throw Refused("it has expired, or never does");
        }

        if (Moment(claims, "nbf") > now + skew || Moment(claims, "iat") > now + skew)
        {
            throw Refused("it is from the future");
        }
    }

    private void CheckParty(JsonWebToken token, JsonElement claims)
    {
        var party = ClaimsReader.Text(claims, "azp");
        if ((party is null && token.Audiences.Count() > 1) || (party is not null && party != profile.ClientId))
        {
            throw Refused("it was made for another portal (azp)");
        }
    }

    // The left half of the hash that goes with the signature.
    private static string HalfHash(string algorithm, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var hash = algorithm[^3..] switch
        {
            "384" => SHA384.HashData(bytes),
            "512" => SHA512.HashData(bytes),
            _ => SHA256.HashData(bytes),
        };
        return Base64UrlEncoder.Encode(hash.AsSpan(0, hash.Length / 2).ToArray());
    }

    private static bool SameText(string? one, string other) => one is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static SignInRefusedException Refused(string why, Exception? cause = null) => new(SignInTrouble.Failed, $"The token is refused: {why}.", cause);
}
