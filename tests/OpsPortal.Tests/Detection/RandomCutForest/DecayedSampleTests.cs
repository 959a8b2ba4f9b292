using OpsPortal.Core.Detection.RandomCutForest;

namespace OpsPortal.Tests.Detection.RandomCutForest;

public sealed class DecayedSampleTests
{
    [Fact]
    public void Without_decay_every_point_is_equally_likely_to_be_held()
    {
        var counts = Count(size: 32, decay: 0, points: 320, runs: 1_500);

        // Ten groups by age, each expected to hold a tenth; chi-square with 9 degrees of freedom stays below 27.9 in 999 of 1,000.
        var groups = counts.Chunk(32).Select(chunk => (double)chunk.Sum()).ToArray();
        var expected = groups.Sum() / 10;
        Assert.True(groups.Sum(group => (group - expected) * (group - expected) / expected) < 27.9);
    }

    [Fact]
    public void With_decay_age_follows_the_law_of_the_weighted_reservoir()
    {
        const int Size = 64;
        const double Decay = 1.0 / 640;
        const int Points = 8_000;
        const int Runs = 250;
        var counts = Count(Size, Decay, Points, Runs);

        // Held with probability 1 − exp(−c·e^(−decay·age)), c such that the sample is full.
        var c = Solve(c => Enumerable.Range(0, Points).Sum(age => Held(c, Decay, age)) - Size);
        for (var age = 0; age < 2_000; age += 200)
        {
            var expected = Enumerable.Range(age, 200).Sum(a => Held(c, Decay, a)) * Runs;
            double seen = Enumerable.Range(age, 200).Sum(a => counts[Points - 1 - a]);
            Assert.InRange(seen, expected - (4.5 * Math.Sqrt(expected)), expected + (4.5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void Weights_hold_after_a_thousand_million_steps()
    {
        var (random, sample) = (new Xoshiro(3), new DecayedSample(16, 0.1, 1));
        for (var step = 0; step < 4_000; step++)
        {
            Offer(sample, 1_000_000_000L + step, step, random);
        }

        Assert.True(Enumerable.Range(0, 16).Average(sample.PointAt) > 3_950);
    }

    private static double Held(double c, double decay, int age) => 1 - Math.Exp(-c * Math.Exp(-decay * age));

    private static double Solve(Func<double, double> f)
    {
        var (low, high) = (1e-6, 100.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = f(middle) > 0 ? (low, middle) : (middle, high);
        }

        return low;
    }

    private static int[] Count(int size, double decay, int points, int runs)
    {
        var counts = new int[points];
        for (var run = 0; run < runs; run++)
        {
            var (random, sample) = (new Xoshiro((ulong)run), new DecayedSample(size, decay, 1));
            for (var point = 0; point < points; point++)
            {
                Offer(sample, point, point, random);
            }

            for (var place = 0; place < sample.Count; place++)
            {
                counts[sample.PointAt(place)]++;
            }
        }

        return counts;
    }

    private static void Offer(DecayedSample sample, long time, int point, Xoshiro random)
    {
        if (sample.Accepts(time, random, out var key, out var replaces))
        {
            if (replaces)
            {
                sample.RemoveTop();
            }

            sample.Add(key, point);
        }
    }
}
