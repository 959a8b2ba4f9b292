using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Connections;
using OpsPortal.Api;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Health;

namespace OpsPortal.Feed;

internal static class FeedServices
{
    // A browser sends one small call; anything larger is not from one.
    private const int LargestMessage = 32 * 1024;

    /// <summary>The live feed, its follower and its hub.</summary>
    public static IServiceCollection AddFeed(this IServiceCollection services)
    {
        services.AddOptions<FeedOptions>().BindConfiguration(FeedOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<LiveFeed>());
        services.AddSingleton<FeedSnapshotReader>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RetryWait>(provider, new Random(RandomNumberGenerator.GetInt32(int.MaxValue))));
        services.AddHostedService<FeedFollower>();
        services.AddHostedService<FeedClock>();
        services.AddSingleton<FeedConnections>();
        services.AddSignalR(options =>
        {
            options.MaximumReceiveMessageSize = LargestMessage;
            options.MaximumParallelInvocationsPerClient = 1;
            options.KeepAliveInterval = TimeSpan.FromSeconds(10);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            options.EnableDetailedErrors = false;
        }).AddJsonProtocol(protocol => WireJson.Configure(protocol.PayloadSerializerOptions));
        return services;
    }

    /// <summary>Maps the hub.</summary>
    public static void MapFeed(this IEndpointRouteBuilder routes) =>
        routes.MapHub<FeedHub>("/hubs/feed", options =>
        {
            // Long polling for networks that let no WebSocket through; server-sent events would add nothing to it but a third way in.
            options.Transports = HttpTransportType.WebSockets | HttpTransportType.LongPolling;
            options.CloseOnAuthenticationExpiration = true;
            options.AllowStatefulReconnects = false;
            options.ApplicationMaxBufferSize = LargestMessage;
        }).RequireAuthorization();
}
