using OpsPortal.Core.Detection.RandomCutForest;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>What was found in one message.</summary>
internal sealed record Finding(double Score, double Grade, IReadOnlyList<SensorShare> Shares);

/// <summary>Says which sensors carry a score, and what they should have shown.</summary>
internal static class Blame
{
    // A share below this says nothing an operator could use.
    private const double SmallestShare = 0.05;
    private const int MostSensors = 5;

    public static Finding Of(Train train, SensorFeatures features, FeatureScales scales, Forest forest, double[] scaled, double score, double grade)
    {
        var parts = BySensor(features, forest.Attribute(scaled), scaled);
        var blamed = Enumerable.Range(0, parts.Length)
            .Where(sensor => parts[sensor].Both >= SmallestShare * score)
            .OrderByDescending(sensor => parts[sensor].Both).ThenBy(sensor => sensor)
            .Take(MostSensors)
            .ToArray();
        var expected = Expected(features, forest, scaled, blamed);
        var shares = blamed.Select(sensor => Share(train, features, scales, sensor, parts[sensor], expected, score)).ToArray();
        return new Finding(score, grade, shares);
    }

    private readonly record struct Part(double High, double Low)
    {
        public double Both => High + Low;
    }

    private static Part[] BySensor(SensorFeatures features, Attribution attribution, double[] scaled)
    {
        var parts = new Part[features.Sensors.Count];
        for (var i = 0; i < scaled.Length; i++)
        {
            var (kind, sensor, _) = features.All[i];
            if (kind == FeatureKind.AgainstPeers && features.PairOf(sensor) is var pair and >= 0 && Strangeness(features, scaled, pair) > Strangeness(features, scaled, sensor))
            {
                // The difference of two says nothing about which: it goes to the one that is stranger by itself.
                parts[pair] = new Part(parts[pair].High + attribution.Low[i], parts[pair].Low + attribution.High[i]);
            }
            else if (sensor >= 0)
            {
                parts[sensor] = new Part(parts[sensor].High + attribution.High[i], parts[sensor].Low + attribution.Low[i]);
            }
        }

        return parts;
    }

    private static double Strangeness(SensorFeatures features, double[] scaled, int sensor)
    {
        double sum = 0;
        for (var i = 0; i < scaled.Length; i++)
        {
            if (features.All[i].Sensor == sensor && features.All[i].Kind != FeatureKind.AgainstPeers)
            {
                sum += Math.Abs(scaled[i]);
            }
        }

        return sum;
    }

    // What the other sensors let expect of the blamed ones.
    private static double[] Expected(SensorFeatures features, Forest forest, double[] scaled, int[] blamed)
    {
        var unknown = new bool[scaled.Length];
        for (var i = 0; i < unknown.Length; i++)
        {
            var (kind, sensor, _) = features.All[i];
            unknown[i] = sensor >= 0 && (blamed.Contains(sensor) || (kind == FeatureKind.AgainstPeers && blamed.Contains(features.PairOf(sensor))));
        }

        return forest.Impute(scaled, unknown);
    }

    private static SensorShare Share(Train train, SensorFeatures features, FeatureScales scales, int sensor, Part part, double[] expected, double score)
    {
        var level = Array.FindIndex(features.All, feature => feature.Sensor == sensor && feature.Kind == FeatureKind.Level);
        var shouldBe = scales.Unscale(level, expected[level]);
        var observed = features.Latest(sensor);
        var direction = observed > shouldBe ? Direction.High : observed < shouldBe ? Direction.Low : part.High >= part.Low ? Direction.High : Direction.Low;
        return new SensorShare(features.Sensors[sensor], part.Both / score, direction, observed, shouldBe, train.Describe(features.Sensors[sensor]).Unit);
    }
}
