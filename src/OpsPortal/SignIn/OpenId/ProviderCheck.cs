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
        try
        {
            if (await endpoint.RenewAsync(tokens.RefreshToken!, cancellationToken) is not { } renewed)
            {
                return SessionVerdict.Over("The provider no longer vouches for the person.");
            }

            var user = await people.ReadAgainAsync(renewed, provider.Issuer, provider.Subject, cancellationToken) ?? session.User;
            var kept = tokens with { RefreshToken = renewed.RefreshToken ?? tokens.RefreshToken, IdToken = renewed.IdToken ?? tokens.IdToken };
            return SessionVerdict.Renewed(user, provider with { Sealed = seal.Seal(kept), CheckAt = time.GetUtcNow() + Every });
        }
        catch (SignInRefusedException e) when (e.Trouble is SignInTrouble.NoRole or SignInTrouble.NoScope or SignInTrouble.Denied)
        {
            return SessionVerdict.Over(e.Message);
        }
        catch (Exception e) when (e is ProviderUnavailableException or SignInRefusedException)
        {
            // Away, or set up wrongly: whoever is signed in goes on until the session's own end, nobody new comes in.
            logger.ProviderNotAsked(e.Message);
            return SessionVerdict.Unchanged;
        }
    }
}
