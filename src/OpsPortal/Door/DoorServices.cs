using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace OpsPortal.Door;

internal static class DoorServices
{
    private const int MostHeaders = 100;
    private const int LongestRequestLine = 8 * 1024;

    /// <summary>Limits of the server and what every request passes.</summary>
    public static IServiceCollection AddDoor(this IServiceCollection services)
    {
        services.AddOptions<DoorOptions>().BindConfiguration(DoorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DoorOptions>, DoorOptionsCheck>();
        services.AddSingleton<Refusals>().AddSingleton<StrangerRefusals>();

        // The server's own line for each request holds the whole address, and a hub's may hold a token. Who needs it asks for it by name.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<DoorOptions>>(TryBound);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<DoorOptions>>((forwarded, door) => Believe(forwarded, door.Value.Proxies));
        return services.AddLimits();
    }

    /// <summary>The first things every request meets.</summary>
    public static void UseDoor(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostCheck>();
        app.UseMiddleware<OriginCheck>();
    }

    // The server is made before the whole configuration is looked at: what is wrong here is said there, with all else.
    private static void TryBound(KestrelServerOptions kestrel, IOptions<DoorOptions> door)
    {
        try
        {
            Bound(kestrel, door.Value);
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException)
        {
            kestrel.AddServerHeader = false;
        }
    }

    private static void Bound(KestrelServerOptions kestrel, DoorOptions door)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = door.LargestBody;
        limits.MaxRequestHeadersTotalSize = door.LargestHeaders;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.MaxRequestLineSize = LongestRequestLine;
        limits.MaxConcurrentConnections = door.MostConnections;
        limits.MaxConcurrentUpgradedConnections = door.MostWebSockets;
        limits.RequestHeadersTimeout = door.HeadersWithin;
        limits.MinRequestBodyDataRate = new MinDataRate(door.SlowestBytesPerSecond, door.SlowFor);
        limits.MinResponseDataRate = new MinDataRate(door.SlowestBytesPerSecond, door.SlowFor);
    }

    // The framework believes proxies on loopback by itself: here nobody is believed who is not named. The host is never taken from a header.
    private static void Believe(ForwardedHeadersOptions forwarded, IReadOnlyList<string> proxies)
    {
        forwarded.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else if (IPNetwork.TryParse(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }

        // As many hops as there are named proxies in a row: the first that is not named is the caller.
        forwarded.ForwardLimit = null;
    }
}
