using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Extracts.Merged;

/// <summary>Merged downloads: the chosen rows of an extract as one file. Section <c>MergedDownloads</c>.</summary>
internal sealed class MergedOptions
{
    public const string Section = "MergedDownloads";

    /// <summary>Merged downloads of one user that are made at the same time; more wait. Default 1, 1 to 100.</summary>
    [Range(1, 100)]
    public int RunningPerUser { get; init; } = 1;

    /// <summary>Merged downloads of all users that are made at the same time. Default 2, 1 to 100.</summary>
    [Range(1, 100)]
    public int Running { get; init; } = 2;

    /// <summary>Merged downloads of one user that wait; beyond these one is refused. Default 5, 0 to 1,000.</summary>
    [Range(0, 1_000)]
    public int WaitingPerUser { get; init; } = 5;

    /// <summary>Bytes of one merged download, compressed; one that would be larger fails. Default 20 GB, 1 kB to 10 TB.</summary>
    [Range(1_000L, 10_000_000_000_000L)]
    public long MaxBytes { get; init; } = 20_000_000_000;

    /// <summary>Bytes of the data folder's disk that are left to everything else. Default 1 GB, 0 to 1 PB.</summary>
    [Range(0L, 1_000_000_000_000_000L)]
    public long LeaveFree { get; init; } = 1_000_000_000;

    /// <summary>How long a merged download is kept after its end. Default 1 day, 1 s to 31 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long one waits for raw files that cannot be read now before it fails. Default 10 min, 0 to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan WaitFor { get; init; } = TimeSpan.FromMinutes(10);
}
