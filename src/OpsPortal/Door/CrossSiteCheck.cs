using System.Security.Cryptography;
using System.Text;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

/// <summary>
/// Was it they who asked? Nothing that changes something is taken from another site's page, and an API call that stands on the
/// cookie alone, which a browser adds by itself, must show the session's antiforgery token too.
/// </summary>
internal sealed class CrossSiteCheck(RequestDelegate next, Refusals refusals)
{
    public const string Header = "X-CSRF";

    public const string HowToProve = $"Send the header {Header} with the value of \"csrf\" from /api/me, or sign in with Authorization: Bearer.";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.OnlyReads())
        {
            return next(context);
        }

        // A neighbouring subdomain is another site's page too: it may be anybody's.
        if (request.Headers["Sec-Fetch-Site"].ToString().ToLowerInvariant() is "cross-site" or "same-site")
        {
            return refusals.RefuseAsync(context, StatusCodes.Status403Forbidden, "Requests from other sites are refused.");
        }

        return request.Path.StartsWithSegments("/api") && !Proves(request)
            ? refusals.RefuseAsync(context, StatusCodes.Status403Forbidden, HowToProve)
            : next(context);
    }

    /// <summary>Whether the request shows more than the cookie. One without a user has nothing to prove.</summary>
    public static bool Proves(HttpRequest request) =>
        request.HttpContext.User.FindIdentity() is not { Proof: Proof.Cookie } identity
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[Header].ToString()), Encoding.UTF8.GetBytes(identity.AntiforgeryToken));
}
