using OpsPortal.Core.Detection.RandomCutForest;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>What was found of one subsystem in one message.</summary>
internal sealed record Finding(string Subsystem, double Score, double Grade, IReadOnlyList<SensorShare> Shares);

/// <summary>Says which sensors carry a score, and what they should have shown.</summary>
/// <param name="features">The forest's dimensions.</param>
/// <param name="scaled">The message, in the forest's scale.</param>
internal sealed class Blame(Train train, SensorFeatures sensors, Feature[] features, FeatureScales scales, Forest forest, double[] scaled)
{
    // A share below this says nothing an operator could use.
    private const double SmallestShare = 0.05;
    private const int MostSensors = 5;

    private readonly record struct Part(double High, double Low)
    {
        public double Both => High + Low;
    }

    public Finding For(string subsystem, double score, double grade)
    {
        var parts = BySensor(forest.Attribute(scaled));
        var blamed = parts.Where(part => part.Value.Both >= SmallestShare * score)
            .OrderByDescending(part => part.Value.Both).ThenBy(part => part.Key)
            .Take(MostSensors).Select(part => part.Key).ToArray();
        var expected = Expected(blamed);
        return new Finding(subsystem, score, grade, [.. blamed.Select(sensor => Share(sensor, parts[sensor], expected, score))]);
    }

    private SortedDictionary<int, Part> BySensor(Attribution attribution)
    {
        var parts = new SortedDictionary<int, Part>();
        for (var i = 0; i < features.Length; i++)
        {
            var (sensor, high, low) = (features[i].Sensor, attribution.High[i], attribution.Low[i]);
            if (sensor < 0)
            {
                continue;
            }

            if (features[i].Kind == FeatureKind.AgainstPeers && sensors.PairOf(sensor) is var pair and >= 0 && Strangeness(pair) > Strangeness(sensor))
            {
                // The difference of two says nothing about which: it goes to the one that is stranger by itself.
                (sensor, high, low) = (pair, low, high);
            }

            var part = parts.GetValueOrDefault(sensor);
            parts[sensor] = new Part(part.High + high, part.Low + low);
        }

        return parts;
    }

    private double Strangeness(int sensor)
    {
        double sum = 0;
        for (var i = 0; i < features.Length; i++)
        {
            sum += features[i].Sensor == sensor && features[i].Kind != FeatureKind.AgainstPeers ? Math.Abs(scaled[i]) : 0;
        }

        return sum;
    }

    // What the other sensors and the way the train runs let expect of the blamed ones.
    private double[] Expected(int[] blamed)
    {
        var unknown = new bool[features.Length];
        for (var i = 0; i < unknown.Length; i++)
        {
            var (kind, sensor, _) = features[i];
            unknown[i] = sensor >= 0 && (blamed.Contains(sensor) || (kind == FeatureKind.AgainstPeers && blamed.Contains(sensors.PairOf(sensor))));
        }

        return forest.Impute(scaled, unknown);
    }

    private SensorShare Share(int sensor, Part part, double[] expected, double score)
    {
        var level = Array.FindIndex(features, feature => feature.Sensor == sensor && feature.Kind == FeatureKind.Level);
        var shouldBe = scales.Unscale(level, expected[level]);
        var observed = sensors.Latest(sensor);
        var direction = observed > shouldBe ? Direction.High : observed < shouldBe ? Direction.Low : part.High >= part.Low ? Direction.High : Direction.Low;
        return new SensorShare(sensors.Sensors[sensor], part.Both / score, direction, observed, shouldBe, train.Describe(sensors.Sensors[sensor]).Unit);
    }
}
