using OpsPortal.Core.Access;
using OpsPortal.Sessions;

namespace OpsPortal.SignIn.OpenId;

/// <summary>Asks the provider again, by refresh token, whether somebody who works here still may, and as what.</summary>
internal sealed class ProviderCheck(ProviderTokenEndpoint endpoint, ProviderPeople people, ProviderProfile profile, SealedTokens seal, TimeProvider time, ILogger<ProviderCheck> logger) : ISessionCheck
{
    public TimeSpan Every => profile.Options.AskEvery;

    public async Task<SessionVerdict> AskAsync(Session session, CancellationToken cancellationToken)
    {
        if (seal.Open(session.Provider!.Sealed) is not { } tokens)
        {
            return SessionVerdict.Over("What is kept of the provider's tokens cannot be opened: the data-protection keys are others than before.");
        }

        // Without a refresh token there is nothing to ask with: the session's limits and back-channel logout hold.
        return tokens.RefreshToken is null ? SessionVerdict.Unchanged : await AskAsync(session, tokens, cancellationToken);
    }

    private async Task<SessionVerdict> AskAsync(Session session, ProviderTokens tokens, CancellationToken cancellationToken)
    {
        var provider = session.Provider!;
        var otherwise = SessionVerdict.Unchanged;
        try
        {
            if (await endpoint.RenewAsync(tokens.RefreshToken!, cancellationToken) is not { } renewed)
            {
                return SessionVerdict.Over("The provider no longer vouches for the person.");
            }

            // From here on the provider holds the former refresh token for used: whatever comes of the rest, the new one is kept.
            var kept = tokens with { RefreshToken = renewed.RefreshToken ?? tokens.RefreshToken };
            otherwise = SessionVerdict.Renewed(session.User, Keeping(provider, kept));
            var user = await people.ReadAgainAsync(renewed, provider.Issuer, provider.Subject, cancellationToken) ?? session.User;
            return SessionVerdict.Renewed(user, Keeping(provider, kept with { IdToken = renewed.IdToken ?? tokens.IdToken }));
        }
        catch (SignInRefusedException e) when (e.Trouble is SignInTrouble.NoRole or SignInTrouble.NoScope or SignInTrouble.Denied)
        {
            return SessionVerdict.Over(e.Message);
        }
        catch (Exception e) when (e is ProviderUnavailableException or SignInRefusedException)
        {
            // Away, or set up wrongly: whoever is signed in goes on until the session's own end, nobody new comes in.
            logger.ProviderNotAsked(e.Message);
            return otherwise;
        }
    }

    private ProviderSession Keeping(ProviderSession provider, ProviderTokens tokens) => provider with { Sealed = seal.Seal(tokens), CheckAt = time.GetUtcNow() + Every };
}
