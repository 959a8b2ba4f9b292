using Microsoft.AspNetCore.SignalR;
using OpsPortal.Tokens;

namespace OpsPortal.Sessions;

internal static class SessionServices
{
    /// <summary>Sessions after signing in: their limits, their ends, and what stands open on them.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<PresentUsers>();
        services.AddSingleton<SessionDesk>();
        services.AddSingleton<SessionLife>();
        services.AddSingleton<CircuitOwners>();
        services.AddOptions<HubOptions>().Configure(hub => hub.AddFilter<CircuitOwners>());
        return services.AddHostedService<SessionWatch>();
    }

    /// <summary>After the limits, before the endpoints.</summary>
    public static void UseSessions(this WebApplication app) => app.UseMiddleware<LiveConnections>();
}
