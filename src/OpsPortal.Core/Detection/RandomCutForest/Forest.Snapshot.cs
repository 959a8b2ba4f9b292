namespace OpsPortal.Core.Detection.RandomCutForest;

/// <content>
/// Writing and reading the whole state. Points are renumbered, boxes, masses and reference counts rebuilt: none of them bears on a score,
/// so a restored forest goes on bit for bit like the one written.
/// </content>
public sealed partial class Forest
{
    private const uint Magic = 0x31464352; // "RCF1": layout and version in one

    /// <summary>Writes options and state.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Magic);
        WriteOptions(writer);
        writer.Write(Updates);
        var renumbered = WritePoints(writer);
        for (var tree = 0; tree < _trees.Length; tree++)
        {
            _random[tree].Write(writer);
            _samples[tree].Write(writer, renumbered);
            _trees[tree].Write(writer, renumbered);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such snapshot, cut short or damaged; says where.</exception>
    public static Forest Read(BinaryReader reader)
    {
        try
        {
            if (reader.ReadUInt32() != Magic)
            {
                throw new InvalidDataException("These bytes are no forest's snapshot of a version known here.");
            }

            var forest = new Forest(ReadOptions(reader)) { Updates = reader.ReadInt64() };
            forest.ReadState(reader);
            return forest;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("The forest's snapshot is cut short or damaged.", e);
        }
    }

    private void ReadState(BinaryReader reader)
    {
        var count = ReadPoints(reader);
        for (var tree = 0; tree < _trees.Length; tree++)
        {
            _random[tree] = Xoshiro.Read(reader);
            _samples[tree].Read(reader, count);
            _trees[tree].Read(reader, count);
            RetainSample(tree);
        }

        for (var point = 0; point < count; point++)
        {
            if (_points.References(point) == 0)
            {
                throw new InvalidDataException("The forest's snapshot holds a point that no tree holds.");
            }
        }
    }

    private void RetainSample(int tree)
    {
        var masses = new Dictionary<int, int>();
        for (var place = 0; place < _samples[tree].Count; place++)
        {
            var point = _samples[tree].PointAt(place);
            _points.Retain(point);
            masses[point] = masses.GetValueOrDefault(point) + 1;
        }

        if (!_trees[tree].Holds(masses))
        {
            throw new InvalidDataException("The forest's snapshot holds a tree that is not the tree of its sample.");
        }
    }

    private int[] WritePoints(BinaryWriter writer)
    {
        // In the order in which samples name them, so that equal forests write equal bytes wherever their points lie.
        var renumbered = new int[_points.End];
        Array.Fill(renumbered, -1);
        writer.Write(_points.Held);
        var next = 0;
        foreach (var point in _samples.SelectMany(sample => Enumerable.Range(0, sample.Count).Select(sample.PointAt)))
        {
            if (renumbered[point] < 0)
            {
                renumbered[point] = next++;
                WritePoint(writer, point);
            }
        }

        return renumbered;
    }

    private void WritePoint(BinaryWriter writer, int point)
    {
        foreach (var value in _points[point])
        {
            writer.Write(value);
        }
    }

    private int ReadPoints(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > _trees.Length * Options.SampleSize)
        {
            throw new InvalidDataException($"The forest's snapshot holds {count} points; {_trees.Length} trees of {Options.SampleSize} cannot.");
        }

        for (var point = 0; point < count; point++)
        {
            for (var i = 0; i < _query.Length; i++)
            {
                _query[i] = reader.ReadSingle();
                if (!float.IsFinite(_query[i]))
                {
                    throw new InvalidDataException($"The forest's snapshot holds {_query[i]} in dimension {i}.");
                }
            }

            _points.Add(_query);
        }

        return count;
    }

    private void WriteOptions(BinaryWriter writer)
    {
        writer.Write(Options.Dimensions);
        writer.Write(Options.Trees);
        writer.Write(Options.SampleSize);
        writer.Write(Options.TimeDecay);
        writer.Write(Options.OutputAfter ?? -1);
        writer.Write(Options.InitialAcceptFraction);
        writer.Write(Options.Seed);
    }

    private static ForestOptions ReadOptions(BinaryReader reader)
    {
        var options = new ForestOptions(reader.ReadInt32())
        {
            Trees = reader.ReadInt32(),
            SampleSize = reader.ReadInt32(),
            TimeDecay = reader.ReadDouble(),
            OutputAfter = reader.ReadInt32() is var after and >= 0 ? after : null,
            InitialAcceptFraction = reader.ReadDouble(),
            Seed = reader.ReadUInt64(),
        };
        return options.Problem() is { } problem ? throw new InvalidDataException($"The forest's snapshot has options that cannot be: {problem}") : options;
    }
}
