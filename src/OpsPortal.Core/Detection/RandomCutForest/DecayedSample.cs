namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>
/// A bounded sample in which newer points are likelier (weighted reservoir after Efraimidis and Spirakis): each point draws the key
/// −decay·time + ln(−ln u) once, and the smallest keys stay. A max-heap, so that the next to leave is on top.
/// </summary>
internal sealed class DecayedSample(int capacity, double decay, double initialAcceptFraction)
{
    private readonly double[] _keys = new double[capacity];
    private readonly int[] _points = new int[capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    public int PointAt(int place) => _points[place];

    public void Exchange(int place, int point) => _points[place] = point;

    /// <summary>Draws whether the point at <paramref name="time"/> gets in, and under which key. When <paramref name="replaces"/>, the top leaves for it.</summary>
    public bool Accepts(long time, Xoshiro random, out double key, out bool replaces)
    {
        key = Math.Log(-Math.Log(random.NextDouble())) - (decay * time);
        replaces = IsFull || random.NextDouble() >= FillingProbability();
        return !replaces || key < _keys[0];
    }

    /// <summary>Takes the largest key's point out.</summary>
    public int RemoveTop()
    {
        var removed = _points[0];
        Count--;
        (_keys[0], _points[0]) = (_keys[Count], _points[Count]);
        SiftDown();
        return removed;
    }

    public void Add(double key, int point)
    {
        var place = Count++;
        (_keys[place], _points[place]) = (key, point);
        while (place > 0 && _keys[(place - 1) / 2] < _keys[place])
        {
            Swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    public void Write(BinaryWriter writer, int[] renumbered)
    {
        writer.Write(Count);
        for (var place = 0; place < Count; place++)
        {
            writer.Write(_keys[place]);
            writer.Write7BitEncodedInt(renumbered[_points[place]]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote into an empty sample.</summary>
    public void Read(BinaryReader reader, int pointCount)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > capacity)
        {
            throw new InvalidDataException($"The snapshot holds a sample of {count} points; at most {capacity} fit.");
        }

        for (var place = 0; place < count; place++)
        {
            _keys[place] = reader.ReadDouble();
            _points[place] = reader.Read7BitEncodedInt();
            if (double.IsNaN(_keys[place]) || (uint)_points[place] >= (uint)pointCount || (place > 0 && _keys[(place - 1) / 2] < _keys[place]))
            {
                throw new InvalidDataException("The snapshot holds a sample that is no heap of known points.");
            }
        }

        Count = count;
    }

    // Falls linearly from 1 at the initial fraction to 0 when full.
    private double FillingProbability()
    {
        var fill = (double)Count / capacity;
        return fill < initialAcceptFraction ? 1 : (1 - fill) / Math.Max(1 - initialAcceptFraction, 1e-9);
    }

    private void SiftDown()
    {
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= Count)
            {
                return;
            }

            if (child + 1 < Count && _keys[child + 1] > _keys[child])
            {
                child++;
            }

            if (_keys[child] <= _keys[place])
            {
                return;
            }

            Swap(place, child);
            place = child;
        }
    }

    private void Swap(int one, int other)
    {
        (_keys[one], _keys[other]) = (_keys[other], _keys[one]);
        (_points[one], _points[other]) = (_points[other], _points[one]);
    }
}
