using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Makes the <see cref="HttpClient"/> of a service: correlation → repetition → signature → connection. One per service, for as long as the process runs.</summary>
internal sealed class AwsHttp(AwsPlaces places, KeyRing keys, IOptions<AwsOptions> options, AwsChance chance, ILogger<AwsHttp> logger)
{
    /// <summary>A client whose base address is the service's. Its own time limit is off: each attempt has one.</summary>
    /// <exception cref="InvalidOperationException">The service has no address or region; says which key to set.</exception>
    public HttpClient Create(AwsPeer peer)
    {
        var place = places.Find(peer.Service, peer.Endpoint, peer.Region);
        Log.Speaking(logger, peer.Service.SigningName, $"{place.Endpoint.Scheme}://{place.Endpoint.Authority}{place.Endpoint.AbsolutePath}", place.Region);
        var repeating = new RepeatHandler(peer.Service.SigningName, Setting(peer), logger) { InnerHandler = Access(peer, place.Region, Watched(peer)) };
        return new HttpClient(new CorrelationHandler { InnerHandler = repeating })
        {
            BaseAddress = WithSlash(place.Endpoint),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private HttpMessageHandler Access(AwsPeer peer, string region, HttpMessageHandler connection) => peer.Access switch
    {
        AwsAccess.SigV4 => new SigningHandler(peer.Service, region, keys, chance.Time, logger) { InnerHandler = connection },
        AwsAccess.Basic => new BasicHandler(peer.Basic ?? throw new InvalidOperationException($"{peer.Service.SigningName}: access with user and password needs both.")) { InnerHandler = connection },
        _ => connection,
    };

    private HttpMessageHandler Watched(AwsPeer peer) =>
        peer.Watch is { } watch ? new WatchHandler(watch) { InnerHandler = Connection(peer) } : Connection(peer);

    private RepeatSetting Setting(AwsPeer peer)
    {
        var own = options.Value;
        return new RepeatSetting(peer.Timeout ?? own.Timeout, peer.Retries ?? own.Retries, own.RetryDelay, own.MaxRetryDelay, chance.Time, chance.Next);
    }

    private SocketsHttpHandler Connection(AwsPeer peer) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = options.Value.ConnectTimeout,
        PooledConnectionLifetime = options.Value.ConnectionLifetime,
        MaxConnectionsPerServer = peer.MaxConnections ?? int.MaxValue,
        SslOptions = { CertificateChainPolicy = CertificateTrust.With(peer.CaFile ?? options.Value.CaFile) },
    };

    // Relative addresses are then added to the path, not put in its place.
    private static Uri WithSlash(Uri endpoint) => endpoint.AbsoluteUri.EndsWith('/') ? endpoint : new Uri(endpoint.AbsoluteUri + "/");
}

/// <summary>Tells of every answer.</summary>
internal sealed class WatchHandler(Action<HttpResponseMessage> watch) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        watch(response);
        return response;
    }
}

/// <summary>Time and chance, as all AWS clients use them.</summary>
internal sealed class AwsChance(TimeProvider time, int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public TimeProvider Time => time;

    /// <summary>From 0 up to 1.</summary>
    public double Next()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
