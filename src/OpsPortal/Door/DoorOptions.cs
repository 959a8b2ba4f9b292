using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Door;

/// <summary>What comes in at all. Section <c>Door</c>.</summary>
internal sealed class DoorOptions
{
    public const string Section = "Door";

    /// <summary>Host names the portal answers to outside Personas mode, without ports. Default none: then loopback names only.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/16</c>) of proxies whose word on the caller's address and scheme is taken. Default none: nobody's is.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>Origins besides the portal's own from which browsers may open hubs and circuits, each as <c>https://name[:port]</c>. Default none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>How long browsers are told to come by https only, outside Personas mode. Default 365 days, at least that, at most 10 years.</summary>
    [Range(typeof(TimeSpan), "365.00:00:00", "3650.00:00:00")]
    public TimeSpan HttpsOnlyFor { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Largest request body in bytes. Default 1 MB, 1 KB to 100 MB.</summary>
    [Range(1_024, 100_000_000)]
    public long LargestBody { get; init; } = 1_000_000;

    /// <summary>Most bytes of a request's headers together. Default 32 KB, 4 KB to 1 MB.</summary>
    [Range(4_096, 1_048_576)]
    public int LargestHeaders { get; init; } = 32 * 1024;

    /// <summary>A request whose headers are not there after this is cut off. Default 15 s, 1 s to 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan HeadersWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A body that comes, or an answer that is taken, slower than this many bytes a second is cut off after <see cref="SlowFor"/>. Default 240, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public double SlowestBytesPerSecond { get; init; } = 240;

    /// <summary>How long a caller may be slower. Default 5 s, 2 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most connections at once. Default 20,000.</summary>
    [Range(10, 1_000_000)]
    public long MostConnections { get; init; } = 20_000;

    /// <summary>Most hub connections and circuits at once. Default 10,000.</summary>
    [Range(10, 1_000_000)]
    public long MostWebSockets { get; init; } = 10_000;
}
