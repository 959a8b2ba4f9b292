namespace OpsPortal.Core.Detection.RandomCutForest;

/// <content>Writing and reading: nodes in preorder, each starting with its cut's dimension counted from 1, or 0 for a leaf. Boxes and masses follow from the leaves and are not written.</content>
internal sealed partial class CutTree
{
    public void Write(BinaryWriter writer, int[] renumbered)
    {
        writer.Write(_root != None);
        if (_root != None)
        {
            Write(writer, _root, renumbered);
        }
    }

    /// <summary>Reads what <see cref="Write(BinaryWriter, int[])"/> wrote into an empty tree.</summary>
    public void Read(BinaryReader reader, int pointCount)
    {
        if (reader.ReadBoolean())
        {
            _root = ReadNode(reader, None, pointCount);
        }
    }

    /// <summary>Whether the leaves are exactly these points with these masses.</summary>
    public bool Holds(Dictionary<int, int> masses)
    {
        var leaves = new Stack<short>();
        var found = 0;
        if (_root != None)
        {
            leaves.Push(_root);
        }

        while (leaves.TryPop(out var node))
        {
            if (!IsLeaf(node))
            {
                leaves.Push(_left[node]);
                leaves.Push(_right[node]);
            }
            else if (masses.TryGetValue(_point[node - _firstLeaf], out var mass) && mass == _mass[node])
            {
                found++;
            }
            else
            {
                return false;
            }
        }

        return found == masses.Count;
    }

    private void Write(BinaryWriter writer, short node, int[] renumbered)
    {
        if (IsLeaf(node))
        {
            writer.Write7BitEncodedInt(0);
            writer.Write7BitEncodedInt(renumbered[_point[node - _firstLeaf]]);
            writer.Write7BitEncodedInt(_mass[node]);
            return;
        }

        writer.Write7BitEncodedInt(_cutDimension[node] + 1);
        writer.Write(_cutValue[node]);
        Write(writer, _left[node], renumbered);
        Write(writer, _right[node], renumbered);
    }

    private short ReadNode(BinaryReader reader, short parent, int pointCount)
    {
        var dimension = reader.Read7BitEncodedInt() - 1;
        return dimension == -1 ? ReadLeaf(reader, parent, pointCount) : ReadInner(reader, parent, dimension, pointCount);
    }

    private short ReadLeaf(BinaryReader reader, short parent, int pointCount)
    {
        var point = reader.Read7BitEncodedInt();
        var mass = reader.Read7BitEncodedInt();
        if ((uint)point >= (uint)pointCount || mass < 1 || mass > _firstLeaf + 1 || _freeLeaves.Count == 0)
        {
            throw new InvalidDataException("The snapshot holds a tree with a leaf that cannot be.");
        }

        var leaf = NewLeaf(point, parent);
        _mass[leaf] = (short)mass;
        return leaf;
    }

    private short ReadInner(BinaryReader reader, short parent, int dimension, int pointCount)
    {
        if ((uint)dimension >= (uint)_dimensions || !_freeInner.TryPop(out var inner))
        {
            throw new InvalidDataException("The snapshot holds a tree with a cut that cannot be.");
        }

        _parent[inner] = parent;
        _cutDimension[inner] = (short)dimension;
        _cutValue[inner] = reader.ReadSingle();
        _left[inner] = ReadNode(reader, inner, pointCount);
        _right[inner] = ReadNode(reader, inner, pointCount);
        var mass = _mass[_left[inner]] + _mass[_right[inner]];
        TryShrink(inner);
        if (mass > _firstLeaf + 1 || !(Highs(_left[inner])[dimension] <= _cutValue[inner] && _cutValue[inner] < Lows(_right[inner])[dimension]))
        {
            throw new InvalidDataException("The snapshot holds a tree whose cut does not part its two sides.");
        }

        _mass[inner] = (short)mass;
        return inner;
    }
}
