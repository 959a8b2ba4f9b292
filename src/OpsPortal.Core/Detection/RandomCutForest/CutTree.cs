namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>
/// One random cut tree: inner nodes 0 … capacity−2, leaves capacity−1 … 2·capacity−2. Every inner node keeps its bounding box.
/// Insert and delete are exact: the tree is distributed as if built from scratch on what it holds.
/// </summary>
internal sealed partial class CutTree
{
    private const short None = -1;

    private readonly PointStore _points;
    private readonly int _dimensions;
    private readonly int _firstLeaf;
    private readonly short[] _left;
    private readonly short[] _right;
    private readonly short[] _cutDimension;
    private readonly float[] _cutValue;
    private readonly short[] _parent;
    private readonly short[] _mass;
    private readonly int[] _point;
    private readonly float[] _boxes;
    private readonly Stack<short> _freeInner = new();
    private readonly Stack<short> _freeLeaves = new();
    private short _root = None;

    public CutTree(PointStore points, int dimensions, int capacity)
    {
        _points = points;
        _dimensions = dimensions;
        _firstLeaf = capacity - 1;
        _left = new short[capacity - 1];
        _right = new short[capacity - 1];
        _cutDimension = new short[capacity - 1];
        _cutValue = new float[capacity - 1];
        _parent = new short[(2 * capacity) - 1];
        _mass = new short[(2 * capacity) - 1];
        _point = new int[capacity];
        _boxes = new float[(capacity - 1) * 2 * dimensions];
        for (var node = (2 * capacity) - 2; node >= 0; node--)
        {
            (node < _firstLeaf ? _freeInner : _freeLeaves).Push((short)node);
        }
    }

    /// <summary>Points held, duplicates counted.</summary>
    public int Mass => _root == None ? 0 : _mass[_root];

    /// <summary>Adds a point; an equal one already there only gains mass.</summary>
    /// <returns>The point the tree holds now: the given one, or the equal one it already had.</returns>
    public int Insert(int point, Xoshiro random)
    {
        if (_root == None)
        {
            _root = NewLeaf(point, None);
            return point;
        }

        var x = _points[point];
        var node = _root;
        int dimension;
        float value;
        while (!TrySeparate(node, x, random, out dimension, out value))
        {
            _mass[node]++;
            if (IsLeaf(node))
            {
                return _point[node - _firstLeaf];
            }

            Include(node, x);
            node = Towards(node, x);
        }

        AddBeside(node, point, dimension, value);
        return point;
    }

    /// <summary>Takes a point out again.</summary>
    public void Delete(int point)
    {
        var x = _points[point];
        var leaf = LeafOf(x);
        var node = _parent[leaf];
        var shrinks = false;
        if (--_mass[leaf] == 0)
        {
            node = RemoveLeaf(leaf);
            shrinks = true;
        }

        for (; node != None; node = _parent[node])
        {
            _mass[node]--;
            shrinks = shrinks && TryShrink(node);
        }
    }

    private bool IsLeaf(int node) => node >= _firstLeaf;

    private ReadOnlySpan<float> Lows(int node) => IsLeaf(node) ? _points[_point[node - _firstLeaf]] : _boxes.AsSpan(node * 2 * _dimensions, _dimensions);

    private ReadOnlySpan<float> Highs(int node) => IsLeaf(node) ? _points[_point[node - _firstLeaf]] : _boxes.AsSpan(((node * 2) + 1) * _dimensions, _dimensions);

    private short Towards(int node, ReadOnlySpan<float> x) => x[_cutDimension[node]] <= _cutValue[node] ? _left[node] : _right[node];

    private short LeafOf(ReadOnlySpan<float> x)
    {
        var node = _root;
        while (!IsLeaf(node))
        {
            node = Towards(node, x);
        }

        return node;
    }

    // Draws a cut of the node's box grown by x, and says whether it parts x from the box. Nothing is drawn when x lies inside: no cut could.
    private bool TrySeparate(int node, ReadOnlySpan<float> x, Xoshiro random, out int dimension, out float value)
    {
        (dimension, value) = (0, 0);
        var lows = Lows(node);
        var highs = Highs(node);
        var (range, growth) = Measure(lows, highs, x);
        if (growth == 0)
        {
            return false;
        }

        (dimension, value) = CutAt(random.NextDouble() * (range + growth), lows, highs, x);
        return x[dimension] <= value ? value < lows[dimension] : highs[dimension] <= value;
    }

    private static (double Range, double Growth) Measure(ReadOnlySpan<float> lows, ReadOnlySpan<float> highs, ReadOnlySpan<float> x)
    {
        double range = 0;
        double growth = 0;
        for (var i = 0; i < x.Length; i++)
        {
            range += (double)highs[i] - lows[i];
            if (x[i] > highs[i])
            {
                growth += (double)x[i] - highs[i];
            }
            else if (x[i] < lows[i])
            {
                growth += (double)lows[i] - x[i];
            }
        }

        return (range, growth);
    }

    private static (int Dimension, float Value) CutAt(double place, ReadOnlySpan<float> lows, ReadOnlySpan<float> highs, ReadOnlySpan<float> x)
    {
        var last = 0;
        for (var i = 0; i < x.Length; i++)
        {
            double low = Math.Min(lows[i], x[i]);
            var side = Math.Max(highs[i], x[i]) - low;
            if (side > 0 && place < side)
            {
                return (i, Below(low + place, i, lows, highs, x));
            }

            place -= side;
            last = side > 0 ? i : last;
        }

        // Rounding ran past the last side.
        return (last, Below(double.PositiveInfinity, last, lows, highs, x));
    }

    // A cut is at or above the lowest and below the highest coordinate, so that neither side is ever empty.
    private static float Below(double value, int i, ReadOnlySpan<float> lows, ReadOnlySpan<float> highs, ReadOnlySpan<float> x) =>
        Math.Clamp((float)value, Math.Min(lows[i], x[i]), MathF.BitDecrement(Math.Max(highs[i], x[i])));

    private void AddBeside(short node, int point, int dimension, float value)
    {
        var x = _points[point];
        var inner = _freeInner.Pop();
        var leaf = NewLeaf(point, inner);
        Replace(_parent[node], node, inner);
        _parent[node] = inner;
        _mass[inner] = (short)(_mass[node] + 1);
        _cutDimension[inner] = (short)dimension;
        _cutValue[inner] = value;
        (_left[inner], _right[inner]) = x[dimension] <= value ? (leaf, node) : (node, leaf);
        Lows(node).CopyTo(_boxes.AsSpan(inner * 2 * _dimensions));
        Highs(node).CopyTo(_boxes.AsSpan(((inner * 2) + 1) * _dimensions));
        Include(inner, x);
    }

    private short NewLeaf(int point, short parent)
    {
        var leaf = _freeLeaves.Pop();
        _point[leaf - _firstLeaf] = point;
        _mass[leaf] = 1;
        _parent[leaf] = parent;
        return leaf;
    }

    // The leaf's sibling takes their parent's place. Returns the node above, whose box may shrink.
    private short RemoveLeaf(short leaf)
    {
        var inner = _parent[leaf];
        _freeLeaves.Push(leaf);
        if (inner == None)
        {
            _root = None;
            return None;
        }

        var sibling = _left[inner] == leaf ? _right[inner] : _left[inner];
        var above = _parent[inner];
        Replace(above, inner, sibling);
        _freeInner.Push(inner);
        return above;
    }

    private void Replace(short parent, short child, short by)
    {
        if (parent == None)
        {
            _root = by;
        }
        else if (_left[parent] == child)
        {
            _left[parent] = by;
        }
        else
        {
            _right[parent] = by;
        }

        _parent[by] = parent;
    }

    private void Include(int inner, ReadOnlySpan<float> x)
    {
        var lows = _boxes.AsSpan(inner * 2 * _dimensions, _dimensions);
        var highs = _boxes.AsSpan(((inner * 2) + 1) * _dimensions, _dimensions);
        for (var i = 0; i < x.Length; i++)
        {
            lows[i] = Math.Min(lows[i], x[i]);
            highs[i] = Math.Max(highs[i], x[i]);
        }
    }

    // Makes the box the union of the children's; false when that changes nothing, and so nothing above either.
    private bool TryShrink(int inner)
    {
        var lows = _boxes.AsSpan(inner * 2 * _dimensions, _dimensions);
        var highs = _boxes.AsSpan(((inner * 2) + 1) * _dimensions, _dimensions);
        var leftLows = Lows(_left[inner]);
        var leftHighs = Highs(_left[inner]);
        var rightLows = Lows(_right[inner]);
        var rightHighs = Highs(_right[inner]);
        var changed = false;
        for (var i = 0; i < _dimensions; i++)
        {
            var low = Math.Min(leftLows[i], rightLows[i]);
            var high = Math.Max(leftHighs[i], rightHighs[i]);
            changed |= low != lows[i] || high != highs[i];
            (lows[i], highs[i]) = (low, high);
        }

        return changed;
    }
}
