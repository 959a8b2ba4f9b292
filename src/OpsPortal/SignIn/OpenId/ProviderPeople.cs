using System.Text.Json;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn.OpenId;

/// <summary>Somebody whom the provider vouches for.</summary>
/// <param name="SessionId">The provider's own name of its session, where it says one.</param>
internal sealed record ProviderPerson(User User, string Issuer, string Subject, string? SessionId, DateTimeOffset AuthenticatedAt, ProviderTokens Tokens);

/// <summary>From the provider's tokens to a person of this portal: what the id_token says, what userinfo adds, and groups where there are too many.</summary>
internal sealed class ProviderPeople(ProviderTokenCheck check, ProviderTokenEndpoint endpoint, ProviderProfile profile, ClaimsReader reader)
{
    /// <summary>The person of a new sign-in.</summary>
    /// <exception cref="SignInRefusedException">The tokens do not vouch for anybody who may come in.</exception>
    public async Task<ProviderPerson> ReadAsync(ProviderTokens tokens, Expected expected, CancellationToken cancellationToken)
    {
        if (tokens.IdToken is null)
        {
            throw new SignInRefusedException(SignInTrouble.Failed, "The provider gave no id_token.");
        }

        var claims = await check.ReadIdTokenAsync(tokens.IdToken, tokens.AccessToken, expected, cancellationToken);
        var (issuer, subject) = (ClaimsReader.Text(claims, "iss")!, ProviderTokenCheck.Subject(claims));
        var whole = await CompleteAsync(claims, subject, tokens.AccessToken, cancellationToken);
        var user = reader.Read(whole, profile.Names, issuer, subject);

        // Without a time nobody knows whether the provider has asked for anything, or lets somebody in whom it has known for days.
        return new ProviderPerson(user, issuer, subject, ClaimsReader.Text(claims, "sid"), ProviderTokenCheck.Moment(claims, "auth_time") ?? DateTimeOffset.MinValue, tokens);
    }

    /// <summary>The same person by renewed tokens, which may come without an id_token.</summary>
    /// <returns>Null when the provider renews but says nothing of the person: then what it said before holds.</returns>
    public async Task<User?> ReadAgainAsync(ProviderTokens tokens, string issuer, string subject, CancellationToken cancellationToken)
    {
        JsonElement? claims = tokens.IdToken is not null
            ? await check.ReadIdTokenAsync(tokens.IdToken, tokens.AccessToken, new Expected(null, null), cancellationToken)
            : tokens.AccessToken is not null ? await endpoint.AskUserInfoAsync(tokens.AccessToken, cancellationToken) : null;
        if (claims is not { } said)
        {
            return null;
        }

        return ProviderTokenCheck.Subject(said) == subject && (tokens.IdToken is null || ClaimsReader.Text(said, "iss") == issuer)
            ? reader.Read(await CompleteAsync(said, subject, tokens.AccessToken, cancellationToken), profile.Names, issuer, subject)
            : throw new SignInRefusedException(SignInTrouble.Denied, "The renewed tokens are about somebody else.");
    }

    private async Task<JsonElement> CompleteAsync(JsonElement claims, string subject, string? accessToken, CancellationToken cancellationToken)
    {
        var use = profile.Options.UserInfo;
        if (accessToken is not null && (use == UserInfoUse.Always || (use == UserInfoUse.WhenNeeded && !ClaimsReader.AreEnough(claims, profile.Names)))
            && await endpoint.AskUserInfoAsync(accessToken, cancellationToken) is { } more)
        {
            // Somebody else's answer must not be put in its place: the one check that the standard asks for.
            claims = ProviderTokenCheck.Subject(more) == subject ? Merge(claims, more) : throw new SignInRefusedException(SignInTrouble.Failed, "Userinfo is about somebody else.");
        }

        return HasTooManyGroups(claims) ? await WithGroupsAsync(claims, accessToken, cancellationToken) : claims;
    }

    private async Task<JsonElement> WithGroupsAsync(JsonElement claims, string? accessToken, CancellationToken cancellationToken) =>
        profile.Options.GroupOverage == GroupOverage.Ask && accessToken is not null
            ? Merge(claims, JsonSerializer.SerializeToElement(new { groups = await endpoint.AskGroupsAsync(accessToken, cancellationToken) }))
            : throw new SignInRefusedException(SignInTrouble.NoRole, "The person is in more groups than the id_token takes (OpenIdConnect:GroupOverage says what to do then).");

    // Entra ID's two ways to say so.
    private static bool HasTooManyGroups(JsonElement claims) =>
        (claims.TryGetProperty("_claim_names", out var elsewhere) && elsewhere.ValueKind == JsonValueKind.Object && elsewhere.TryGetProperty("groups", out _) && !claims.TryGetProperty("groups", out _))
        || (claims.TryGetProperty("hasgroups", out var has) && (has.ValueKind == JsonValueKind.True || has.ValueKind == JsonValueKind.String) && !claims.TryGetProperty("groups", out _));

    // What is signed goes before what is only said.
    private static JsonElement Merge(JsonElement first, JsonElement then)
    {
        var all = then.EnumerateObject().Concat(first.EnumerateObject()).GroupBy(claim => claim.Name, StringComparer.Ordinal).ToDictionary(claim => claim.Key, claim => claim.Last().Value);
        return JsonSerializer.SerializeToElement(all);
    }
}
