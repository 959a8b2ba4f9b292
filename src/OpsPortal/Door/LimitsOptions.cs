using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Door;

/// <summary>How much one caller may ask for. A caller is the signed-in user, or without one the address. Section <c>Limits</c>.</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>API calls of one caller in a minute. Default 12,000, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int ApiPerMinute { get; init; } = 12_000;

    /// <summary>Extracts and merged downloads that one caller asks for in a minute; these are not counted as API calls. Default 60, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int ExtractsPerMinute { get; init; } = 60;

    /// <summary>Sign-ins and sign-outs from one address in a minute. Default 1,200, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int SignInsPerMinute { get; init; } = 1_200;

    /// <summary>New hub connections and circuits of one caller in a minute: a restart brings all of them at once. Default 6,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerMinute { get; init; } = 6_000;

    /// <summary>Refusals of strangers from one address in a minute that are audited one by one; further ones are counted. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int RefusalsPerMinute { get; init; } = 1_000;

    /// <summary>Reports of broken content security policies from one address in a minute. Default 30, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int ReportsPerMinute { get; init; } = 30;

    /// <summary>Hub connections and circuits that one user holds at the same time; a wall of screens may share one sign-in. Default 2,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerUser { get; init; } = 2_000;

    /// <summary>Hub connections and circuits from one address at the same time; many users may share one. Default 10,000, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerAddress { get; init; } = 10_000;

    /// <summary>Circuits kept for browsers that lost their connection. Default 100, 0 to 10,000.</summary>
    [Range(0, 10_000)]
    public int DisconnectedCircuits { get; init; } = 100;

    /// <summary>How long each is kept. Default 3 min, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DisconnectedFor { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Rendered changes a circuit holds for a browser that does not confirm them. Default 10, 1 to 100.</summary>
    [Range(1, 100)]
    public int UnconfirmedBatches { get; init; } = 10;

    /// <summary>A hub connection that has not said which protocol it speaks is closed after this. Default 15 s, 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(15);
}
