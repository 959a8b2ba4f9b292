using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Extracts;

/// <summary>Extracts of raw files. Section <c>Extracts</c>.</summary>
internal sealed class ExtractOptions
{
    public const string Section = "Extracts";

    /// <summary>How long an extract, and its token, holds. Default 7 days, 1 hour to 366 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most extracts of one user that hold at the same time. Default 100, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int MostPerUser { get; init; } = 100;

    /// <summary>Most files of one extract. Default 1,000,000, 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int MostFiles { get; init; } = 1_000_000;

    /// <summary>Files received so much later are looked through for what was measured in the time asked for. Default 1 day, 0 to 31 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan LateFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long the files of the running hour may take to be closed. Default 30 s, 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CloseWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a signed address of a file on this machine's disk holds. Default 1 min, 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LinkFor { get; init; } = TimeSpan.FromMinutes(1);
}
