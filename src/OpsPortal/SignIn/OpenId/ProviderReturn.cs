using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Door;

namespace OpsPortal.SignIn.OpenId;

/// <summary>What happens when somebody comes back from the provider: a session, or the one page that says why not.</summary>
internal sealed class ProviderReturn(SignInDesk desk, SealedTokens seal, Refusals refusals, IOptions<ProviderOptions> options, TimeProvider time, ILogger<ProviderReturn> logger)
{
    /// <summary>The framework's events.</summary>
    public static OAuthEvents Events { get; } = new()
    {
        OnTicketReceived = context => context.HttpContext.RequestServices.GetRequiredService<ProviderReturn>().WelcomeAsync(context),
        OnRemoteFailure = context => context.HttpContext.RequestServices.GetRequiredService<ProviderReturn>().TurnAwayAsync(context),
    };

    private async Task WelcomeAsync(TicketReceivedContext context)
    {
        var person = context.Properties!.GetParameter<ProviderPerson>(nameof(ProviderPerson))!;
        var provider = new ProviderSession(person.Issuer, person.Subject, person.SessionId, seal.Seal(person.Tokens), time.GetUtcNow() + options.Value.AskEvery);
        context.HandleResponse();
        try
        {
            var id = await desk.SignInAsync(context.HttpContext, person.User, person.AuthenticatedAt, provider);
            context.Response.Redirect(id is null ? SignInRefusedException.PageOf(SignInTrouble.TooMany, null) : LocalUrl.OrRoot(context.ReturnUri));
        }
        catch (StoreUnavailableException e) when (e.Store == AuditWriting.Store)
        {
            context.Response.Redirect(SignInRefusedException.PageOf(SignInTrouble.NotRecorded, context.ReturnUri));
        }
    }

    private async Task TurnAwayAsync(RemoteFailureContext context)
    {
        var (trouble, why) = Of(context.Failure);
        await refusals.NoteAsync(context.HttpContext, why);
        logger.SignInRefused(why);
        context.Response.Redirect(SignInRefusedException.PageOf(trouble, context.Properties?.RedirectUri));
        context.HandleResponse();
    }

    // Nothing of what was sent is repeated, neither here nor there.
    private static (SignInTrouble Trouble, string Why) Of(Exception? failure) => failure switch
    {
        SignInRefusedException refused => (refused.Trouble, refused.Message),
        ProviderUnavailableException away => (SignInTrouble.Provider, away.Message),
        { InnerException: SignInRefusedException refused } => (refused.Trouble, refused.Message),
        { InnerException: ProviderUnavailableException away } => (SignInTrouble.Provider, away.Message),
        _ when failure?.Message.Contains("denied", StringComparison.OrdinalIgnoreCase) == true => (SignInTrouble.Denied, "The provider says that the person, or it itself, said no."),
        _ => (SignInTrouble.Failed, "What came back from the provider does not belong to a sign-in that was begun here."),
    };
}
