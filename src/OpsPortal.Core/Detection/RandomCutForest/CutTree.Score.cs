namespace OpsPortal.Core.Detection.RandomCutForest;

/// <content>Scoring: expectations over cuts, so nothing is drawn and nothing changes.</content>
internal sealed partial class CutTree
{
    /// <summary>Expected inverse depth at which <paramref name="x"/> would be cut off, times log2(mass + 1). 0 for an empty tree.</summary>
    public double Score(ReadOnlySpan<float> x)
    {
        if (_root == None)
        {
            return 0;
        }

        var (leaf, depth) = Descend(x);
        var score = LeafScore(leaf, depth, x);
        for (var node = _parent[leaf]; node != None; node = _parent[node])
        {
            depth--;
            var (range, growth) = Measure(Lows(node), Highs(node), x);
            if (growth == 0)
            {
                // Inside this box means inside every box above.
                break;
            }

            var separated = growth / (range + growth);
            score = (separated / (depth + 1)) + ((1 - separated) * score);
        }

        return score * Math.Log2(Mass + 1);
    }

    /// <summary>Adds the score, split over dimensions and directions, times <paramref name="weight"/>.</summary>
    public void Attribute(ReadOnlySpan<float> x, double weight, Attribution into)
    {
        if (_root == None)
        {
            return;
        }

        weight *= Math.Log2(Mass + 1);
        var node = _root;
        for (var depth = 0; ; depth++)
        {
            var (range, growth) = Measure(Lows(node), Highs(node), x);
            if (growth > 0)
            {
                var separated = growth / (range + growth);
                Split(Lows(node), Highs(node), x, weight * separated / (depth + 1) / growth, into.High, into.Low);
                weight *= 1 - separated;
            }

            if (IsLeaf(node))
            {
                if (growth == 0)
                {
                    AttributeSeen(node, depth, x, weight * LeafScore(node, depth, x), into);
                }

                return;
            }

            node = Towards(node, x);
        }
    }

    private (short Leaf, int Depth) Descend(ReadOnlySpan<float> x)
    {
        var node = _root;
        var depth = 0;
        for (; !IsLeaf(node); depth++)
        {
            node = Towards(node, x);
        }

        return (node, depth);
    }

    private double LeafScore(int leaf, int depth, ReadOnlySpan<float> x)
    {
        if (!_points[_point[leaf - _firstLeaf]].SequenceEqual(x))
        {
            return 1.0 / (depth + 1);
        }

        // A point seen before: the heavier its leaf, the less surprising.
        var damping = 1 - (_mass[leaf] / (2.0 * Mass));
        return damping / (depth + Math.Log2(_mass[leaf] + 1.0));
    }

    // A point equal to a held one lies inside every box and so has no direction. It gets the one it would have if that leaf were
    // absent (boxes made of the siblings met on the way up), scaled to its score; alone in the tree, it is spread evenly.
    private void AttributeSeen(short leaf, int depth, ReadOnlySpan<float> x, double score, Attribution into)
    {
        var high = new double[_dimensions];
        var low = new double[_dimensions];
        var lows = new float[_dimensions];
        var highs = new float[_dimensions];
        Array.Fill(lows, float.PositiveInfinity);
        Array.Fill(highs, float.NegativeInfinity);
        for (var (child, node) = (leaf, _parent[leaf]); node != None; (child, node) = (node, _parent[node]))
        {
            depth--;
            var sibling = _left[node] == child ? _right[node] : _left[node];
            Join(lows, highs, sibling);
            var (range, growth) = Measure(lows, highs, x);
            if (growth == 0)
            {
                break;
            }

            var separated = growth / (range + growth);
            Scale(high, low, 1 - separated);
            Split(lows, highs, x, separated / (depth + 1) / growth, high, low);
        }

        into.AddScaled(high, low, score);
    }

    private void Join(float[] lows, float[] highs, int node)
    {
        var nodeLows = Lows(node);
        var nodeHighs = Highs(node);
        for (var i = 0; i < lows.Length; i++)
        {
            lows[i] = Math.Min(lows[i], nodeLows[i]);
            highs[i] = Math.Max(highs[i], nodeHighs[i]);
        }
    }

    private static void Scale(double[] high, double[] low, double factor)
    {
        for (var i = 0; i < high.Length; i++)
        {
            high[i] *= factor;
            low[i] *= factor;
        }
    }

    private static void Split(ReadOnlySpan<float> lows, ReadOnlySpan<float> highs, ReadOnlySpan<float> x, double perLength, double[] high, double[] low)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] > highs[i])
            {
                high[i] += perLength * ((double)x[i] - highs[i]);
            }
            else if (x[i] < lows[i])
            {
                low[i] += perLength * ((double)lows[i] - x[i]);
            }
        }
    }
}
