using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

internal static class LimitServices
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private const int Segments = 6;

    // A circuit that waits on disk or in a cache for a browser to come back is nothing the pages need: they read the feed anew.
    private const int PersistedCircuits = 10;

    /// <summary>What one caller may ask for.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ConnectionCount>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitsOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Choose(context, limits.Value));
            limiter.OnRejected = RefuseAsync;
        });
        services.AddOptions<CircuitOptions>().Configure<IOptions<LimitsOptions>>((circuits, limits) =>
        {
            circuits.DetailedErrors = false;
            circuits.DisconnectedCircuitMaxRetained = limits.Value.DisconnectedCircuits;
            circuits.DisconnectedCircuitRetentionPeriod = limits.Value.DisconnectedFor;
            circuits.PersistedCircuitInMemoryMaxRetained = PersistedCircuits;
            circuits.PersistedCircuitInMemoryRetentionPeriod = limits.Value.DisconnectedFor;
            circuits.MaxBufferedUnacknowledgedRenderBatches = limits.Value.UnconfirmedBatches;
        });
        services.AddOptions<HubOptions>().PostConfigure<IOptions<LimitsOptions>>((hub, limits) => hub.HandshakeTimeout = limits.Value.Handshake);
        return services;
    }

    /// <summary>After it is known who asks.</summary>
    public static void UseLimits(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseMiddleware<ConnectionOwners>();
        app.UseMiddleware<ConnectionLimits>();
    }

    private static RateLimitPartition<string> Choose(HttpContext context, LimitsOptions limits)
    {
        var path = context.Request.Path;
        if (AsksForExtract(context.Request))
        {
            return Limit("extract", Caller(context), limits.ExtractsPerMinute);
        }

        if (path.StartsWithSegments("/api") || path.StartsWithSegments("/openapi"))
        {
            return Limit("api", Caller(context), limits.ApiPerMinute);
        }

        if (path.StartsWithSegments(CspReports.Path))
        {
            return Limit("report", Address(context), limits.ReportsPerMinute);
        }

        if (ConnectionOwners.Opens(context.Request))
        {
            return Limit("connect", Caller(context), limits.ConnectionsPerMinute);
        }

        // The ways to a provider and back are acts too, though they come by links.
        return HttpMethods.IsPost(context.Request.Method) || path.StartsWithSegments("/sign-in/start") || path.StartsWithSegments("/sign-out")
            ? Limit("act", Address(context), limits.SignInsPerMinute)
            : RateLimitPartition.GetNoLimiter("free");
    }

    // Each looks through the catalogue, or reads files for minutes. The page's own form asks for them too.
    private static bool AsksForExtract(HttpRequest request)
    {
        var path = request.Path.Value?.TrimEnd('/') ?? "";
        return HttpMethods.IsPost(request.Method)
            && (path.Equals("/extracts", StringComparison.OrdinalIgnoreCase) || path.Equals("/api/extracts", StringComparison.OrdinalIgnoreCase)
                || (path.StartsWith("/api/extracts/", StringComparison.OrdinalIgnoreCase) && path.EndsWith("/merged", StringComparison.OrdinalIgnoreCase)));
    }

    private static RateLimitPartition<string> Limit(string what, string caller, int perMinute) =>
        RateLimitPartition.GetSlidingWindowLimiter($"{what} {caller}", _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = Window, SegmentsPerWindow = Segments, QueueLimit = 0 });

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window / Segments;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await Problem.Of(StatusCodes.Status429TooManyRequests, "Too many requests; Retry-After says in how many seconds to go on. The limits are set by Limits in the configuration.").ExecuteAsync(context);
    }

    /// <summary>Who is counted: the user, or without one the address.</summary>
    internal static string Caller(HttpContext context) => context.User.FindUser() is { } user ? $"user {user.Id}" : Address(context);

    internal static string Address(HttpContext context) => $"address {context.Connection.RemoteIpAddress}";
}
