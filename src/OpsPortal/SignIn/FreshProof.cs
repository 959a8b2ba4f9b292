using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace OpsPortal.SignIn;

/// <summary>
/// Acts by which a session left open for a minute would do lasting harm (a token that reads for weeks, somebody else's session ended) ask that the person has
/// proved who they are a short while ago. Only with an identity provider, which can be asked again. A session's id is asked the same in whichever way it is
/// shown; an access token by its own auth_time, which a program that comes in as itself has none of.
/// </summary>
internal sealed class FreshProof(IOptions<SignInOptions> options, TimeProvider time)
{
    /// <summary>What the person is told.</summary>
    public const string Why = "This asks that you have just proved who you are: sign in once more, then do it again.";

    /// <summary>Whether the person must sign in once more before the act.</summary>
    public bool IsNeeded(ClaimsPrincipal principal) =>
        options.Value.Mode == SignInOptions.OpenIdConnect && principal.FindIdentity() is { } identity && !identity.IsFresh(options.Value.FreshFor, time.GetUtcNow());

    /// <summary>Where they do, and come back from.</summary>
    public static string PageFor(string local) => $"/sign-in/start?again=true&returnUrl={Uri.EscapeDataString(local)}";
}
