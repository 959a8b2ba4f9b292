using Microsoft.AspNetCore.Diagnostics;

namespace OpsPortal.Door;

/// <summary>What kind of caller a request is from.</summary>
internal static class Requests
{
    private static readonly PathString[] ForPrograms = ["/api", "/hubs", "/_blazor", "/openapi", "/healthz"];

    /// <summary>Whether a person's browser asks for a page; everything else is answered for programs.</summary>
    public static bool IsForPage(this HttpRequest request)
    {
        // Where something failed the path is that of the error page by now; what was asked for stands here.
        var asked = request.HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path is { } before ? new PathString(before) : request.Path;
        return (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !ForPrograms.Any(path => asked.StartsWithSegments(path));
    }

    /// <summary>Whether the request asks for nothing but to read.</summary>
    public static bool OnlyReads(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method);
}
