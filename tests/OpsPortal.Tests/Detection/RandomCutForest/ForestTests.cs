using OpsPortal.Core.Detection.RandomCutForest;

namespace OpsPortal.Tests.Detection.RandomCutForest;

public sealed class ForestTests
{
    [Fact]
    public void A_constant_stream_scores_one_half()
    {
        var forest = Fed(Options(2), 500, (_, _) => [3, -7]);

        Assert.Equal(0.5, forest.Score([3, -7]), 1e-12);
        Assert.Equal(1, forest.HeldPoints);
        Assert.Equal(0.5, forest.Attribute([3, -7]).Sum, 1e-12);
    }

    [Fact]
    public void A_point_far_away_scores_the_most_there_is()
    {
        var forest = Fed(Options(2), 2_000, Normal);

        Assert.InRange(forest.Score([1e6, -1e6]), 7.9, Math.Log2(257));
        Assert.InRange(forest.Score([0, 0]), 0.3, 1.0);
    }

    [Fact]
    public void Attribution_names_the_dimension_and_the_side()
    {
        var forest = Fed(Options(3), 2_000, Normal);

        var attribution = forest.Attribute([0, -12, 0]);

        Assert.Equal(forest.Score([0, -12, 0]), attribution.Sum, 1e-9);
        Assert.True(attribution.Low[1] > 0.85 * attribution.Sum);
    }

    [Fact]
    public void Nothing_is_scored_before_enough_is_learnt()
    {
        var forest = new Forest(Options(1));
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal(0, forest.Score([i]));
            Assert.Equal(0, forest.Attribute([i]).Sum);
            forest.Update([i]);
        }

        Assert.True(forest.Score([100]) > 0);
    }

    [Fact]
    public void Scaling_all_dimensions_by_a_power_of_two_changes_no_bit()
    {
        var one = Fed(Options(3), 1_500, Normal);
        var other = Fed(Options(3), 1_500, (random, i) => [.. Normal(random, i).Select(x => x * 1024)]);

        Assert.Equal(one.Score([1, 2, 3]), other.Score([1024, 2048, 3072]));
    }

    [Fact]
    public void Unknown_coordinates_are_filled_in_as_the_known_ones_let_expect()
    {
        var forest = Fed(Options(2) with { Trees = 30 }, 3_000, (random, _) =>
        {
            var x = random.NextDouble() * 10;
            return [x, (3 * x) + (0.1 * random.NextDouble())];
        });

        Assert.Equal(21, forest.Impute([7, -999], [false, true])[1], 1.5);
        Assert.Equal(7, forest.Impute([7, -999], [false, true])[0]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e39)]
    public void A_coordinate_that_cannot_be_placed_is_refused_by_name_and_learnt_nothing_of(double value)
    {
        var forest = Fed(Options(3), 300, Normal);
        var before = forest.Score([1, 1, 1]);

        Assert.Contains("Dimension 1", Assert.Throws<ArgumentException>(() => forest.Update([0, value, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("Dimension 1", Assert.Throws<ArgumentException>(() => forest.Score([0, value, 0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => forest.Attribute([0, value, 0]));
        Assert.Throws<ArgumentException>(() => forest.Update([0, 0]));
        Assert.Equal((300, before), (forest.Updates, forest.Score([1, 1, 1])));
    }

    [Fact]
    public void Huge_tiny_and_negative_zero_values_are_taken_in_stride()
    {
        double[] odd = [0.0, -0.0, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 1, 1.0000001, -1];
        var forest = Fed(Options(2), 3_000, (random, _) => [odd[random.NextBits() % 9], odd[random.NextBits() % 9]]);

        foreach (var (x, y) in odd.SelectMany(_ => odd, (x, y) => (x, y)))
        {
            var score = forest.Score([x, y]);
            Assert.InRange(score, 0, Math.Log2(257));
            Assert.Equal(score, forest.Attribute([x, y]).Sum, 1e-9);
        }

        Assert.Equal(forest.Score([0.0, 1]), forest.Score([-0.0, 1]));
    }

    [Theory]
    [InlineData(0, 50, 256, "Dimensions")]
    [InlineData(2, 0, 256, "Trees")]
    [InlineData(2, 50, 1, "SampleSize")]
    public void Options_that_cannot_be_are_refused_by_name(int dimensions, int trees, int sampleSize, string name) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => new Forest(new ForestOptions(dimensions) { Trees = trees, SampleSize = sampleSize })).Message, StringComparison.Ordinal);

    [Fact]
    public void Points_that_no_tree_holds_are_not_kept()
    {
        var forest = Fed(Options(2) with { Trees = 10, SampleSize = 32, TimeDecay = 0.05 }, 20_000, Normal);

        Assert.InRange(forest.HeldPoints, 32, 10 * 32);
    }

    internal static ForestOptions Options(int dimensions) => new(dimensions) { Seed = 5 };

    internal static Forest Fed(ForestOptions options, int count, Func<Xoshiro, int, double[]> point)
    {
        var random = new Xoshiro(123);
        var forest = new Forest(options);
        for (var i = 0; i < count; i++)
        {
            forest.Update(point(random, i).AsSpan(0, options.Dimensions));
        }

        return forest;
    }

    internal static double[] Normal(Xoshiro random, int i)
    {
        var values = new double[8];
        for (var d = 0; d < values.Length; d++)
        {
            values[d] = Math.Sqrt(-2 * Math.Log(random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }
}
