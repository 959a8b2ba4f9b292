using System.Security.Claims;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn;

/// <summary>How a request proved who it is from.</summary>
internal enum Proof
{
    /// <summary>The session cookie, which a browser adds by itself: acts need an antiforgery token too.</summary>
    Cookie,

    /// <summary>A token that somebody put there on purpose.</summary>
    Bearer,
}

/// <summary>The signed-in user as ASP.NET carries it: the user itself, and name and roles as claims for whoever looks for those.</summary>
internal sealed class SignedInIdentity : ClaimsIdentity
{
    public SignedInIdentity(User user, string sessionKey, string antiforgeryToken, Proof proof, DateTimeOffset expiresAt)
        : base(ClaimsOf(user), SessionScheme.Name)
    {
        User = user;
        SessionKey = sessionKey;
        AntiforgeryToken = antiforgeryToken;
        Proof = proof;
        ExpiresAt = expiresAt;
    }

    public User User { get; }

    /// <summary>Names the session without opening it.</summary>
    public string SessionKey { get; }

    public string AntiforgeryToken { get; }

    public Proof Proof { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>When the person last proved who they are.</summary>
    public DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>When this was said of the user: an older one does not take the place of a newer one where users are noted.</summary>
    public DateTimeOffset SaidAt { get; init; }

    /// <summary>Address the request came from: a circuit has no request later on, but what is done in it is audited with where it came from.</summary>
    public string? From { get; init; }

    /// <summary>
    /// Whether the person proved who they are so recently: for acts that ask for more than a session. Who has not is sent to
    /// <c>/sign-in/start?again=true</c> and back.
    /// </summary>
    public bool IsFresh(TimeSpan within, DateTimeOffset now) => now - AuthenticatedAt <= within;

    public override ClaimsIdentity Clone() => new SignedInIdentity(User, SessionKey, AntiforgeryToken, Proof, ExpiresAt) { AuthenticatedAt = AuthenticatedAt, SaidAt = SaidAt, From = From };

    private static IEnumerable<Claim> ClaimsOf(User user) =>
        [new(ClaimTypes.NameIdentifier, user.Id), new(ClaimTypes.Name, user.Name), .. user.Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString()))];
}

/// <summary>From ASP.NET's principal to the product's user.</summary>
internal static class SignedInPrincipal
{
    /// <summary>The user, or null when nobody is signed in.</summary>
    public static User? FindUser(this ClaimsPrincipal principal) => principal.FindIdentity()?.User;

    /// <summary>The user; only where the policy has already asked for one.</summary>
    public static User ToUser(this ClaimsPrincipal principal) =>
        principal.FindUser() ?? throw new InvalidOperationException("Nobody is signed in here; the endpoint should have asked for a user.");

    public static SignedInIdentity? FindIdentity(this ClaimsPrincipal principal) => principal.Identities.OfType<SignedInIdentity>().FirstOrDefault();

    public static string? SessionKey(this ClaimsPrincipal principal) => principal.FindIdentity()?.SessionKey;

    /// <summary>A principal for the user, as the session scheme would make it.</summary>
    public static ClaimsPrincipal Of(User user) => new(new SignedInIdentity(user, "", "", Proof.Bearer, DateTimeOffset.MaxValue));
}
