using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Core.Detection;

/// <summary>How the pipeline reads and keeps.</summary>
public sealed class PipelineOptions
{
    public const string Section = "Pipeline";

    /// <summary>Records read at once, 1–10,000. Small enough that the portal keeps moving while a whole fleet is being learnt.</summary>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 250;

    /// <summary>How often the detectors' state is kept and the source committed, 1 s–10 min: what is read again after a kill.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SnapshotEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that arrives later than this after it was measured is late, 5 s–1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A position that a train can only have come to faster than this is counted as a jump, 10–100,000 km/h; recordings and fleets played faster than real time jump by nature.</summary>
    [Range(10, 100_000)]
    public double FastestKmh { get; set; } = 600;

    /// <summary>Trains that are followed at once, 1–100,000; messages of further ones are set aside.</summary>
    [Range(1, 100_000)]
    public int MaxTrains { get; set; } = 20_000;
}
