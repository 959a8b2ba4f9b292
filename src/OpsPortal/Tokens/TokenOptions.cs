using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Tokens;

/// <summary>Personal tokens. Section <c>Tokens</c>.</summary>
internal sealed class TokenOptions
{
    public const string Section = "Tokens";

    /// <summary>Longest life of a token. Default 90 days, 1 hour to 366 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan Longest { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Most tokens of one user that hold at the same time. Default 20, 0 (nobody makes any) to 1,000.</summary>
    [Range(0, 1_000)]
    public int MostPerUser { get; init; } = 20;
}
