namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>The points of all trees of a forest, each kept once and counted by how many samples hold it.</summary>
internal sealed class PointStore(int dimensions)
{
    private readonly Stack<int> _free = new();
    private float[] _values = new float[64 * dimensions];
    private int[] _references = new int[64];
    private int _used;

    public ReadOnlySpan<float> this[int point] => _values.AsSpan(point * dimensions, dimensions);

    public Span<float> Writable(int point) => _values.AsSpan(point * dimensions, dimensions);

    /// <summary>Points that some sample holds.</summary>
    public int Held { get; private set; }

    /// <summary>One past the highest index in use.</summary>
    public int End => _used;

    public int References(int point) => _references[point];

    /// <summary>Lays down a point that nothing holds yet.</summary>
    public int Add(ReadOnlySpan<float> values)
    {
        if (!_free.TryPop(out var point))
        {
            point = _used++;
            Grow();
        }

        values.CopyTo(_values.AsSpan(point * dimensions));
        return point;
    }

    public void Retain(int point)
    {
        if (_references[point]++ == 0)
        {
            Held++;
        }
    }

    public void Release(int point)
    {
        if (--_references[point] == 0)
        {
            Held--;
            _free.Push(point);
        }
    }

    /// <summary>Takes back a point that no sample wanted.</summary>
    public void FreeIfUnheld(int point)
    {
        if (_references[point] == 0)
        {
            _free.Push(point);
        }
    }

    private void Grow()
    {
        if (_used > _references.Length)
        {
            Array.Resize(ref _references, _references.Length * 2);
            Array.Resize(ref _values, _references.Length * dimensions);
        }
    }
}
