using OpsPortal.Core.Detection.RandomCutForest;

namespace OpsPortal.Tests.Detection.RandomCutForest;

/// <summary>The forest against the exact law of random cut trees, within four standard errors over many seeds.</summary>
public sealed class ForestLawTests
{
    private const int Seeds = 24;
    private const int Trees = 100;

    public static TheoryData<double[][], double[]> Sets { get; } = new()
    {
        { [[0], [1], [2.5], [4], [7]], [3] },
        { [[0], [1], [2.5], [4], [7]], [12] },
        { [[0], [1], [1], [1], [7]], [1] },
        { [[0, 0], [1, 2], [3, 1], [2, 2], [5, 4], [4, 0.5]], [2, 1] },
        { [[0, 0], [1, 2], [3, 1], [2, 2], [5, 4], [4, 0.5]], [-3, 6] },
        { [[0, 0, 0], [1, 2, 0.5], [3, 1, 0.1], [2, 2, 3], [5, 4, 1], [2, 2, 3], [0.5, 3, 2]], [2, 1, 1.5] },
        { [[0, 0, 0], [1, 2, 0.5], [3, 1, 0.1], [2, 2, 3], [5, 4, 1], [2, 2, 3], [0.5, 3, 2]], [2, 2, 9] },
        { [[0, 0, 0], [1, 2, 0.5], [3, 1, 0.1], [2, 2, 3], [5, 4, 1], [2, 2, 3], [0.5, 3, 2]], [2, 2, 3] },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Score_and_attribution_are_the_expectation_over_all_cuts(double[][] points, double[] query) =>
        AssertLaw(points, query, seed => Grow(seed, points.Length, 0, points));

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_law_holds_after_points_came_and_went(double[][] points, double[] query)
    {
        // With this decay a full sample keeps exactly the newest points: everything before came by insertion and went by deletion.
        var random = new Xoshiro(77);
        var before = Enumerable.Range(0, 40).Select(_ => points[0].Select(_ => (random.NextDouble() * 12) - 4).ToArray());
        double[][] all = [.. before, .. points[..2], .. points];

        AssertLaw(points, query, seed => Grow(seed, points.Length, 50.0, all));
    }

    [Fact]
    public void The_first_cut_goes_by_side_length_and_is_uniform_inside()
    {
        // Of two points one is cut off; a third between them tells on which side of it the cut fell.
        double[][] corners = [[0, 0], [3, 1]];
        var (high, low) = (0.0, 0.0);
        for (var seed = 0; seed < 400; seed++)
        {
            var attribution = Grow(seed, 2, 0, corners).Attribute([6, 3]);
            high += attribution.High[0];
            low += attribution.High[1];
        }

        var exact = new ExactForest(corners).Expect([6, 3]);
        Assert.Equal(exact.High[0] / exact.High[1], high / low, 0.05);
    }

    private static Forest Grow(int seed, int size, double decay, double[][] points)
    {
        var forest = new Forest(new ForestOptions(points[0].Length)
        {
            Trees = Trees, SampleSize = size, TimeDecay = decay, InitialAcceptFraction = 1, OutputAfter = 1, Seed = (ulong)seed,
        });
        foreach (var point in points)
        {
            forest.Update(point);
        }

        return forest;
    }

    private static void AssertLaw(double[][] points, double[] query, Func<int, Forest> grow)
    {
        var exact = new ExactForest(points).Expect(query);
        var seen = points.Any(point => point.SequenceEqual(query));
        var scores = new List<double>();
        var parts = Enumerable.Range(0, 2 * query.Length).Select(_ => new List<double>()).ToArray();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var forest = grow(seed);
            scores.Add(forest.Score(query));
            var attribution = forest.Attribute(query);
            Assert.Equal(scores[^1], attribution.Sum, 1e-9);
            foreach (var (part, values) in attribution.High.Concat(attribution.Low).Zip(parts))
            {
                values.Add(part);
            }
        }

        AssertMean(exact.Score, scores);
        if (!seen)
        {
            // A seen point's attribution follows another definition than the plain recursion: only its sum is fixed.
            foreach (var (expected, values) in exact.High.Concat(exact.Low).Zip(parts))
            {
                AssertMean(expected, values);
            }
        }
    }

    private static void AssertMean(double expected, List<double> values)
    {
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
        Assert.InRange(mean, expected - (4.5 * error) - 1e-6, expected + (4.5 * error) + 1e-6);
    }
}
