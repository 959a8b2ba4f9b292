using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

/// <summary>
/// Hubs and circuits are open to browsers of any site unless somebody looks: WebSockets know no same-origin rule. Lets in the
/// portal's own origin, by whatever name it was called, configured ones, and programs, which send none.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, IOptions<DoorOptions> options, Refusals refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var guarded = request.Path.StartsWithSegments("/hubs") || request.Path.StartsWithSegments("/_blazor");
        if (guarded && IsReadable(context))
        {
            return refusals.RefuseAsync(context, StatusCodes.Status403Forbidden, "Live connections are opened over https only; plain ones on this very machine.");
        }

        return !guarded || IsAllowed(request, request.Headers.Origin)
            ? next(context)
            : refusals.RefuseAsync(context, StatusCodes.Status403Forbidden, "This origin may not connect. Allowed ones besides the portal's own are set by Door:AllowedOrigins.");
    }

    // A WebSocket in the clear carries the session past everybody on the way.
    private static bool IsReadable(HttpContext context) => !context.Request.IsHttps && AsksForSocket(context) && !IsOnThisMachine(context);

    // A browser that came by "localhost" is on this machine too, whatever address a container's port mapping or a tunnel gives it.
    private static bool IsOnThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is not { } from || System.Net.IPAddress.IsLoopback(from) || LoopbackOnly.IsLoopbackHost(context.Request.Host.Host);

    // The framework's own word comes with its WebSocket middleware, which stands behind this check: here it would always say no.
    private static bool AsksForSocket(HttpContext context) =>
        context.Request.Headers.Upgrade.Any(value => value?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true) || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    private bool IsAllowed(HttpRequest request, StringValues origin)
    {
        if (origin.Count == 0)
        {
            return true;
        }

        var own = $"{request.Scheme}://{request.Host.Value}";
        return origin.Count == 1
            && (string.Equals(origin[0], own, StringComparison.OrdinalIgnoreCase) || options.Value.AllowedOrigins.Contains(origin[0], StringComparer.OrdinalIgnoreCase));
    }
}
