using Microsoft.Extensions.Options;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

/// <summary>Tells browsers what this portal will never ask of them.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<DoorOptions> door, IOptions<SignInOptions> signIn)
{
    // worker-src blob: is for the map's worker. Styles are set through the DOM's own interface, which needs no inline exception.
    private const string NoFrames = "'none'";
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
        + $"frame-ancestors 'none'; frame-src {NoFrames}; base-uri 'self'; form-action 'self'; object-src 'none'; manifest-src 'self'; report-uri /csp-reports; report-to csp";

    // Personas serve one machine over http: told to come by https only, its browser would find nobody.
    private readonly string? _httpsOnly = signIn.Value.Mode == SignInOptions.Personas ? null : $"max-age={(long)door.Value.HttpsOnlyFor.TotalSeconds}; includeSubDomains";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            Set(context);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Features.Get<AllowedFrame>() is { } frame
            ? ContentSecurityPolicy.Replace($"frame-src {NoFrames}", $"frame-src {frame.Origin}", StringComparison.Ordinal)
            : ContentSecurityPolicy;
        headers["Reporting-Endpoints"] = "csp=\"/csp-reports\"";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // A way to somebody else's server says even less.
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers["Permissions-Policy"] = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        if (context.Request.IsHttps && _httpsOnly is not null)
        {
            headers.StrictTransportSecurity = _httpsOnly;
        }

        // What a signed-in user saw must not stay in a shared machine's cache; files that carry their own rule keep it.
        if (context.User.FindUser() is not null && headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}

/// <summary>Set among a request's features by a page that holds a frame of somebody else's: the only origin it may come from.</summary>
/// <param name="Origin">Scheme, host and port, already checked: it stands in a header.</param>
internal sealed record AllowedFrame(string Origin);
