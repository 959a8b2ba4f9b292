using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OpsPortal.Door;

internal static class DoorServices
{
    /// <summary>Limits of the server and what every request passes.</summary>
    public static IServiceCollection AddDoor(this IServiceCollection services)
    {
        services.AddOptions<DoorOptions>().BindConfiguration(DoorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Refusals>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<DoorOptions>>((kestrel, door) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = door.Value.LargestBody;
            kestrel.Limits.MaxConcurrentConnections = door.Value.MostConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = door.Value.MostWebSockets;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        return services;
    }

    /// <summary>The first things every request meets.</summary>
    public static void UseDoor(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostCheck>();
        app.UseMiddleware<OriginCheck>();
    }
}
