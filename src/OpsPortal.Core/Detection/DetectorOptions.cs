using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Core.Detection;

/// <summary>How trains are watched: section <c>Detector</c>. A train's state taken with other options is refused, and learnt anew.</summary>
public sealed class DetectorOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Detector";

    /// <summary>The source of all chance; each train draws its own seed from this and its id.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Trees per subsystem of a train. More calm the score, and cost time and memory in proportion.</summary>
    [Range(1, 200)]
    public int Trees { get; set; } = 30;

    /// <summary>Messages each tree holds.</summary>
    [Range(32, 1_024)]
    public int SampleSize { get; set; } = 128;

    /// <summary>Messages after which an old one's weight in the sample has fallen by e.</summary>
    [Range(100, 1_000_000)]
    public int MemoryMessages { get; set; } = 10_000;

    /// <summary>Messages from which a train's sensors and their scales are learnt. Nothing is found before.</summary>
    [Range(60, 3_600)]
    public int WarmUpMessages { get; set; } = 300;

    /// <summary>Most sensors watched per train; the ones seen most often are taken.</summary>
    [Range(1, 256)]
    public int MaxSensors { get; set; } = 64;

    /// <summary>Messages with a sensor not known at warm-up after which the train is learnt anew with it.</summary>
    [Range(10, 3_600)]
    public int NewSensorAfterMessages { get; set; } = 60;

    /// <summary>Time over which each sensor's change is looked at, train time. With rarer messages: one message.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ChangeOver { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time constant of means and deviations, train time.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan ScaleOver { get; set; } = TimeSpan.FromHours(2);

    /// <summary>A score must be this many deviations above the train's own mean score.</summary>
    [Range(1.0, 20.0)]
    public double ThresholdDeviations { get; set; } = 4;

    /// <summary>A score below this is never an anomaly.</summary>
    [Range(0.1, 8.0)]
    public double LowestThreshold { get; set; } = 1.0;

    /// <summary>Of anomalous messages, one in this many is learnt: the new becomes usual, but not at once.</summary>
    [Range(1, 1_000)]
    public int LearnOneInOfAnomalies { get; set; } = 3;

    /// <summary>While an alert stands, one anomalous message in this many is learnt, so that a fault does not soon pass for normal.</summary>
    [Range(1, 1_000)]
    public int LearnOneInWhileAlerting { get; set; } = 20;

    /// <summary>Messages to be seen in a way of running (standing, braking at speed, …) before anything is found in it.</summary>
    [Range(0, 600)]
    public int KnownAfterMessages { get; set; } = 30;

    /// <summary>Anomalies of one subsystem that raise an alert…</summary>
    [Range(2, 100)]
    public int AnomaliesToRaise { get; set; } = 3;

    /// <summary>…when their grades together reach this, so that a few that just pass the threshold do not…</summary>
    [Range(0.1, 100.0)]
    public double GradesToRaise { get; set; } = 1.5;

    /// <summary>…and they come within this many messages.</summary>
    [Range(2, 1_000)]
    public int WithinMessages { get; set; } = 10;

    /// <summary>Quiet that clears an alert: train time covered by messages. Silence counts for nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan ClearAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>An alert that merely grows is told at most this often, train time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan GrowthEvery { get; set; } = TimeSpan.FromSeconds(5);
}
