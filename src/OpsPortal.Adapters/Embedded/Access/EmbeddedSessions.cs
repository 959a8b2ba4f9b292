using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Embedded.Access;

/// <summary>Sessions in the embedded stores' folder.</summary>
public static class EmbeddedSessions
{
    /// <summary>Adds the session store; after <see cref="EmbeddedStores.AddEmbeddedStores"/>, which brings the options.</summary>
    public static IServiceCollection AddEmbeddedSessions(this IServiceCollection services)
    {
        services.AddSingleton<EmbeddedSessionStore>();
        services.AddSingleton<ISessionStore>(provider => provider.GetRequiredService<EmbeddedSessionStore>());
        services.AddSingleton<IOneTimeNotes>(provider => provider.GetRequiredService<EmbeddedSessionStore>());
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<EmbeddedSessionStore>());
        services.AddSingleton<EmbeddedTokenStore>();
        services.AddSingleton<IPersonalTokenStore>(provider => provider.GetRequiredService<EmbeddedTokenStore>());
        services.AddSingleton<IKnownUsers>(provider => provider.GetRequiredService<EmbeddedTokenStore>());
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<EmbeddedTokenStore>());
        return services;
    }
}
