using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Core.Feed;

/// <summary>How the live feed is paced and how much it remembers. Section <c>Feed</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Feed";

    /// <summary>Shortest time between two frames of one watcher. Default 100 ms (10 frames/s).</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan FrameInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often connectivity is looked at anew; every watcher gets a frame at least this often. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:02")]
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A store that has said nothing for this long is said to be silent, though it has refused nothing. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan StoreSilence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Changes of alerts remembered for watchers that are behind; one further behind gets a fresh snapshot. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int AlertBacklog { get; init; } = 2_000;

    /// <summary>Anomalies remembered for watchers that are behind; one further behind gets a fresh snapshot. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int AnomalyBacklog { get; init; } = 2_000;

    /// <summary>Newest anomalies in a snapshot. Default 50.</summary>
    [Range(0, 1_000)]
    public int NewestAnomalies { get; init; } = 50;

    /// <summary>First wait after the store could not be reached; doubles each time. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between two tries to reach the store. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(5);
}
