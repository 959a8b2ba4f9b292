namespace OpsPortal.Core.Detection.RandomCutForest;

/// <content>Filling in unknown coordinates from the nearest held point, by the trees' own notion of near.</content>
internal sealed partial class CutTree
{
    /// <summary>The held point that fits the known coordinates of <paramref name="x"/> best; −1 for an empty tree.</summary>
    public int Nearest(ReadOnlySpan<float> x, ReadOnlySpan<bool> unknown) => _root == None ? -1 : Nearest(_root, 0, x, unknown).Point;

    // Where the cut says nothing about x, both sides are tried and the less surprising one is taken.
    private (int Point, double Score) Nearest(short node, int depth, ReadOnlySpan<float> x, ReadOnlySpan<bool> unknown)
    {
        if (IsLeaf(node))
        {
            var equal = KnownGrowth(node, x, unknown).Growth == 0;
            return (_point[node - _firstLeaf], equal ? 0 : 1.0 / (depth + 1));
        }

        var best = !unknown[_cutDimension[node]]
            ? Nearest(Towards(node, x), depth + 1, x, unknown)
            : Lower(Nearest(_left[node], depth + 1, x, unknown), Nearest(_right[node], depth + 1, x, unknown));
        var (range, growth) = KnownGrowth(node, x, unknown);
        var separated = growth > 0 ? growth / (range + growth) : 0;
        return (best.Point, (separated / (depth + 1)) + ((1 - separated) * best.Score));
    }

    private static (int Point, double Score) Lower((int Point, double Score) one, (int Point, double Score) other) => one.Score <= other.Score ? one : other;

    // An unknown coordinate counts as inside: it will be taken from a point inside.
    private (double Range, double Growth) KnownGrowth(int node, ReadOnlySpan<float> x, ReadOnlySpan<bool> unknown)
    {
        var lows = Lows(node);
        var highs = Highs(node);
        double range = 0;
        double growth = 0;
        for (var i = 0; i < x.Length; i++)
        {
            range += (double)highs[i] - lows[i];
            if (!unknown[i])
            {
                growth += Math.Max(0, Math.Max((double)x[i] - highs[i], (double)lows[i] - x[i]));
            }
        }

        return (range, growth);
    }
}
