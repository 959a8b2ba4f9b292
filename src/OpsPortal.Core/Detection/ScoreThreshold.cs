namespace OpsPortal.Core.Detection;

/// <summary>Decides from which score on a message is an anomaly, after the train's own usual scores.</summary>
internal sealed class ScoreThreshold(DetectorOptions options)
{
    private double _mean;
    private double _variance;
    private double _weight;

    /// <summary>The score that must be exceeded.</summary>
    public double Value => Math.Max(options.LowestThreshold, _mean + (options.ThresholdDeviations * Math.Sqrt(_variance)));

    /// <summary>How anomalous: 0 up to the threshold, 1 from twice the threshold.</summary>
    public double Grade(double score) => Math.Clamp((score / Value) - 1, 0, 1);

    /// <summary>Learns a score; one far above the threshold counts no more than the threshold, so that it does not lift it.</summary>
    public void Learn(double score, double share)
    {
        score = Math.Min(score, _weight > 100 ? Value : double.MaxValue);
        _weight = Math.Min(_weight + share, options.MemoryMessages);
        var part = share / _weight;
        var delta = score - _mean;
        _mean += part * delta;
        _variance = (1 - part) * (_variance + (part * delta * delta));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_mean);
        writer.Write(_variance);
        writer.Write(_weight);
    }

    public void Read(BinaryReader reader) => (_mean, _variance, _weight) = (reader.ReadFinite(), reader.ReadFinite(), reader.ReadFinite());
}
