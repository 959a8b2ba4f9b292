using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Door;

/// <summary>What comes in at all. Section <c>Door</c>.</summary>
internal sealed class DoorOptions
{
    public const string Section = "Door";

    /// <summary>Origins besides the portal's own from which browsers may open hubs and circuits, each as <c>https://name[:port]</c>. Default none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Largest request body in bytes. Default 1 MB, 1 KB to 100 MB.</summary>
    [Range(1_024, 100_000_000)]
    public long LargestBody { get; init; } = 1_000_000;

    /// <summary>Most connections at once. Default 20,000.</summary>
    [Range(10, 1_000_000)]
    public long MostConnections { get; init; } = 20_000;

    /// <summary>Most hub connections and circuits at once. Default 10,000.</summary>
    [Range(10, 1_000_000)]
    public long MostWebSockets { get; init; } = 10_000;
}
