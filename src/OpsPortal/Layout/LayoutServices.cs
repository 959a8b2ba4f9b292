using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Diagnostics;
using OpsPortal.Door;

namespace OpsPortal.Layout;

internal static class LayoutServices
{
    /// <summary>Razor components, interactive where a page asks for it.</summary>
    public static IServiceCollection AddLayout(this IServiceCollection services)
    {
        services.AddCascadingAuthenticationState();
        services.AddScoped<OperatorZone>();
        // Carried over from the first rendering, which has the cookie, to the circuit, which has none.
        services.AddRazorComponents().AddInteractiveServerComponents().RegisterPersistentService<OperatorZone>(RenderMode.InteractiveServer);
        return services;
    }

    /// <summary>Answers with a page where a person asked for one and nothing answered; programs get problem details elsewhere.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            context.RequestServices.GetRequiredService<OperatorZone>().Chosen = context.Request.Cookies[OperatorZone.Cookie];

            // Switched off for programs rather than branched: a branch has no routing of its own to find the page with.
            if (!context.Request.IsForPage() && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }

            return next(context);
        });
    }

    /// <summary>Maps the pages.</summary>
    public static RazorComponentsEndpointConventionBuilder MapPages(this IEndpointRouteBuilder routes) =>
        // Compression of circuits costs two thirds of their memory and invites BREACH.
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ConfigureWebSocketAcceptContext = (_, accept) =>
        {
            accept.DangerousEnableCompression = false;
            return Task.CompletedTask;
        });
}
