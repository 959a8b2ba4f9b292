using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Embedded;

/// <summary>Where and how long the embedded stores keep: section <c>Data</c>.</summary>
public sealed class DataOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Data";

    /// <summary>Folder of all files, made when it is not there. Default ./data. Several processes may share it.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Folder { get; set; } = "./data";

    /// <summary>Readings measured longer ago than this go. Default 7 days, 1 minute to 10 years.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepReadings { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Readings may take this many bytes; above it the oldest go sooner. Default 2 GB, at least 1 MB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 2_000_000_000;

    /// <summary>How often old readings are cleared away. Default 1 minute, 1 second to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Consumers of the source, separated by commas: a record is kept until all of them have committed it. Default detector,raw.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Consumers { get; set; } = "detector,raw";

    /// <summary>How long a write waits for another process's write before it gives up. Default 5 s, 50 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often another process's changes are looked for. Default 200 ms, 10 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Connections that read at the same time, per file. Default 4, 1–64.</summary>
    [Range(1, 64)]
    public int ReadConnections { get; set; } = 4;

    /// <summary>Raw records are gathered this long before they are compressed together. Default 2 s, 10 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RawInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>…but at most this many records. Default 4,000, 1–100,000.</summary>
    [Range(1, 100_000)]
    public int RawRecords { get; set; } = 4_000;

    /// <summary>How often the processed tables are brought up to date. Default 30 s, 1 second to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WarehouseInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Processed readings measured longer ago than this go. Default 31 days, 1 day to 10 years.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepWarehouse { get; set; } = TimeSpan.FromDays(31);

    /// <summary>The processed tables may take this many bytes; above it the oldest readings go sooner. Default 4 GB, at least 1 MB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxWarehouseBytes { get; set; } = 4_000_000_000;

    /// <summary>A query of the processed tables may run so long. Default 1 minute, 100 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan QueryTime { get; set; } = TimeSpan.FromMinutes(1);
}
