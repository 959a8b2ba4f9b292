namespace OpsPortal.Core.Detection;

/// <summary>Decides from which score on a message is an anomaly, after the train's own usual scores.</summary>
internal sealed class ScoreThreshold(DetectorOptions options)
{
    private double _mean;
    private double _belowSquared;
    private double _belowWeight;
    private double _weight;

    /// <summary>The score that must be exceeded.</summary>
    public double Value => Math.Max(options.LowestThreshold, _mean + (options.ThresholdDeviations * Math.Sqrt(_belowSquared)));

    /// <summary>How anomalous: 0 up to the threshold, 1 from twice the threshold.</summary>
    public double Grade(double score) => Math.Clamp((score / Value) - 1, 0, 1);

    /// <summary>Learns a score. The deviation is taken of the lower half only: rare high scores, which are what is looked for, do not lift the threshold.</summary>
    public void Learn(double score)
    {
        score = Math.Min(score, _weight > 100 ? Value : double.MaxValue);
        _weight = Math.Min(_weight + 1, options.MemoryMessages);
        _mean += (score - _mean) / _weight;
        if (score < _mean)
        {
            _belowWeight = Math.Min(_belowWeight + 1, options.MemoryMessages);
            _belowSquared += (((_mean - score) * (_mean - score)) - _belowSquared) / _belowWeight;
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_mean);
        writer.Write(_belowSquared);
        writer.Write(_belowWeight);
        writer.Write(_weight);
    }

    public void Read(BinaryReader reader) =>
        (_mean, _belowSquared, _belowWeight, _weight) = (reader.ReadFinite(), reader.ReadFinite(), reader.ReadFinite(), reader.ReadFinite());
}
