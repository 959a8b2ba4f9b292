using OpsPortal.Core.Detection.RandomCutForest;

namespace OpsPortal.Tests.Detection.RandomCutForest;

public sealed class ForestSnapshotTests
{
    private static readonly ForestOptions Options = new(3) { Trees = 12, SampleSize = 64, Seed = 9 };

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void A_forest_written_and_read_in_mid_stream_goes_on_bit_for_bit(int before)
    {
        var forest = ForestTests.Fed(Options, before, Grid);
        var restored = Read(Write(forest));

        var random = new Xoshiro(55);
        for (var i = 0; i < 400; i++)
        {
            var point = Grid(random, i).AsSpan(0, 3);
            Assert.Equal(forest.Score(point), restored.Score(point));
            Assert.Equal(forest.Attribute(point).High, restored.Attribute(point).High);
            forest.Update(point);
            restored.Update(point);
        }

        Assert.Equal((forest.Updates, forest.HeldPoints), (restored.Updates, restored.HeldPoints));
        Assert.Equal(Write(forest), Write(restored));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        Assert.Equal(Write(ForestTests.Fed(Options, 500, Grid)), Write(ForestTests.Fed(Options, 500, Grid)));
        Assert.NotEqual(Write(ForestTests.Fed(Options, 500, Grid)), Write(ForestTests.Fed(Options with { Seed = 10 }, 500, Grid)));
    }

    [Fact]
    public void Rescaled_points_are_scored_as_if_they_had_been_learnt_so()
    {
        var forest = ForestTests.Fed(Options with { Trees = 100 }, 1_000, ForestTests.Normal);
        var before = forest.Score([2, 0, -2]);

        forest.Rescale([2, 2, 2], [10, 0, -10]);

        // Cut anew: the same law, other cuts.
        Assert.Equal(before, forest.Score([14, 0, -14]), 0.12 * before);
        Assert.True(forest.Score([2, 0, -2]) > 1.5 * before);
        Assert.Equal(Write(forest), Write(Read(Write(forest))));
    }

    [Fact]
    public void Bytes_cut_short_anywhere_are_refused()
    {
        var bytes = Write(ForestTests.Fed(Options with { Trees = 2, SampleSize = 8 }, 100, Grid));

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_harmless_but_never_break_anything_else()
    {
        var bytes = Write(ForestTests.Fed(Options with { Trees = 2, SampleSize = 8 }, 100, Grid));
        var random = new Xoshiro(1);
        var refused = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.NextBits() % (ulong)bytes.Length] ^= (byte)(1 << (int)(random.NextBits() % 8));
            try
            {
                var forest = Read(damaged);
                forest.Update([1, 1, 1]);
                Assert.InRange(forest.Score([0, 0, 0]), 0, 20);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 500);
    }

    private static double[] Grid(Xoshiro random, int i) => [random.NextBits() % 10, random.NextBits() % 10 / 4.0, random.NextDouble()];

    private static byte[] Write(Forest forest)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        forest.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static Forest Read(byte[] bytes) => Forest.Read(new BinaryReader(new MemoryStream(bytes)));
}
