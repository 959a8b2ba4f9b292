using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Workbench;

/// <summary>Queries that people write. Section <c>Workbench</c>.</summary>
internal sealed class WorkbenchOptions
{
    public const string Section = "Workbench";

    /// <summary>Queries and downloads of one user that run at the same time; more wait. Default 3, 1 to 100.</summary>
    [Range(1, 100)]
    public int RunningPerUser { get; init; } = 3;

    /// <summary>Queries of all users that run at the same time, and as many downloads that ask again. Default 8, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int Running { get; init; } = 8;

    /// <summary>Queries of one user that wait; beyond these one is refused. Default 10, 0 to 1,000.</summary>
    [Range(0, 1_000)]
    public int WaitingPerUser { get; init; } = 10;

    /// <summary>Queries of all users whose rows are written as files at the same time; of one user it is one. Default 2, 1 to 100.</summary>
    [Range(1, 100)]
    public int Unloading { get; init; } = 2;

    /// <summary>Rows of a result kept for the screen. Default 100,000, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int ScreenRows { get; init; } = 100_000;

    /// <summary>Bytes of one result kept. Default 200 MB, 1 kB to 10 GB.</summary>
    [Range(1_000L, 10_000_000_000L)]
    public long ScreenBytes { get; init; } = 200_000_000;

    /// <summary>Rows of one download, which asks again when the screen has not all. Default 10,000,000, 1 to 1,000,000,000.</summary>
    [Range(1L, 1_000_000_000L)]
    public long DownloadRows { get; init; } = 10_000_000;

    /// <summary>A download that asks again may take so long, also where that is longer than a query may. Default 30 minutes, 1 s to 12 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "12:00:00")]
    public TimeSpan DownloadTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Queries of one user kept with their results; the oldest go first. Default 50, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int KeptPerUser { get; init; } = 50;

    /// <summary>Bytes of all results kept; the oldest go first. Default 4 GB, 1 kB to 1 TB.</summary>
    [Range(1_000L, 1_000_000_000_000L)]
    public long MaxBytes { get; init; } = 4_000_000_000;

    /// <summary>How long a query and its result are kept after its end. Default 1 h, 1 s to 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Rows that a query may read by its estimate; beyond these it runs only when told to, by who may (<c>overrideQueryGuard</c>). Default 50,000,000, 1 to 1,000,000,000,000,000; null asks about nothing.
    /// </summary>
    [Range(1L, 1_000_000_000_000_000L)]
    public long? LargestEstimate { get; init; } = 50_000_000;

    /// <summary>Queries and estimates of one user in a minute. Default 600, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int QueriesPerMinute { get; init; } = 600;

    /// <summary>Queries that one user keeps. Default 500, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int SavedPerUser { get; init; } = 500;

    /// <summary>Versions kept of each; the oldest go. Default 200, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int VersionsPerQuery { get; init; } = 200;

    /// <summary>Runs of one user remembered; the oldest go. Default 500, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int HistoryPerUser { get; init; } = 500;
}
