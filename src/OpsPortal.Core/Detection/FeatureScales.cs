namespace OpsPortal.Core.Detection;

/// <summary>
/// Fading mean and deviation of each feature (Welford's form, which does not cancel for large offsets), and the scale in force.
/// The scale in force moves in steps only, because the points in the forest are scaled by it: see <see cref="Renew"/>.
/// </summary>
internal sealed class FeatureScales(Feature[] features)
{
    /// <summary>Beyond this many deviations it makes no difference how far.</summary>
    private const double Furthest = 30;

    private readonly double[] _mean = new double[features.Length];
    private readonly double[] _variance = new double[features.Length];
    private readonly double[] _weight = new double[features.Length];
    private readonly double[] _centre = new double[features.Length];
    private readonly double[] _unit = [.. features.Select(feature => feature.Floor)];

    /// <summary>Learns numbers; NaN ones are skipped.</summary>
    /// <param name="memory">Messages after which an old one's weight has fallen by e.</param>
    public void Learn(double[] numbers, double memory)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (double.IsNaN(numbers[i]))
            {
                continue;
            }

            _weight[i] = Math.Min(_weight[i] + 1, memory);
            var part = 1 / _weight[i];
            var delta = numbers[i] - _mean[i];
            _mean[i] += part * delta;
            _variance[i] = (1 - part) * (_variance[i] + (part * delta * delta));
        }
    }

    /// <summary>Scales numbers for the forest: deviations from the mean, bounded. Unknown ones lie on the mean.</summary>
    public void Scale(double[] numbers, double[] scaled)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            scaled[i] = double.IsNaN(numbers[i]) ? 0 : Math.Clamp((numbers[i] - _centre[i]) / _unit[i], -Furthest, Furthest);
        }
    }

    /// <summary>A scaled number in its own unit.</summary>
    public double Unscale(int feature, double scaled) => _centre[feature] + (scaled * _unit[feature]);

    /// <summary>Puts what was learnt in force. A number scaled before becomes <c>factor·scaled + offset</c>.</summary>
    public (double[] Factor, double[] Offset) Renew()
    {
        var factor = new double[features.Length];
        var offset = new double[features.Length];
        for (var i = 0; i < features.Length; i++)
        {
            var unit = Coarseness(features[i].Kind) * Math.Max(Math.Sqrt(_variance[i]), Math.Max(features[i].Floor, Math.Abs(_mean[i]) * 1e-6));
            factor[i] = _unit[i] / unit;
            offset[i] = (_centre[i] - _mean[i]) / unit;
            (_centre[i], _unit[i]) = (_mean[i], unit);
        }

        return (factor, offset);
    }

    public void Write(BinaryWriter writer)
    {
        foreach (var values in new[] { _mean, _variance, _weight, _centre, _unit })
        {
            writer.WriteAll(values);
        }
    }

    public void Read(BinaryReader reader)
    {
        foreach (var values in new[] { _mean, _variance, _weight, _centre, _unit })
        {
            reader.ReadInto(values);
        }
    }

    // Changes are nearly always small and now and then large: in their own deviations they would fill the boxes and hide the levels.
    private static double Coarseness(FeatureKind kind) => kind == FeatureKind.Change ? 3 : 1;
}
