using OpsPortal.Core.Detection.RandomCutForest;

namespace OpsPortal.Tests.Detection.RandomCutForest;

public sealed class CutTreeTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(5, 2)]
    public void A_tree_stays_sound_through_thousands_of_insertions_and_deletions_with_duplicates(int dimensions, int different)
    {
        var random = new Xoshiro((ulong)dimensions);
        var points = new PointStore(dimensions);
        var tree = new CutTree(points, dimensions, 64);
        var held = new List<int>();
        for (var step = 0; step < 12_000; step++)
        {
            if (held.Count < 64 && (held.Count == 0 || random.NextDouble() < 0.5))
            {
                Insert(random, points, tree, held, dimensions, different);
            }
            else
            {
                Delete(random, points, tree, held);
            }

            tree.Verify();
            Assert.Equal(held.Count, tree.Mass);
        }

        Assert.True(tree.Holds(held.GroupBy(point => point).ToDictionary(same => same.Key, same => same.Count())));
    }

    private static void Insert(Xoshiro random, PointStore points, CutTree tree, List<int> held, int dimensions, int different)
    {
        // Few different values: duplicates are common.
        var x = Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextBits() % (ulong)different) / 3).ToArray();
        var added = points.Add(x);
        var kept = tree.Insert(added, random);
        points.Retain(kept);
        points.FreeIfUnheld(added);
        held.Add(kept);
    }

    private static void Delete(Xoshiro random, PointStore points, CutTree tree, List<int> held)
    {
        var place = (int)(random.NextBits() % (ulong)held.Count);
        tree.Delete(held[place]);
        points.Release(held[place]);
        held.RemoveAt(place);
    }
}
