using System.Buffers.Binary;

namespace OpsPortal.Core.Telemetry;

/// <summary>Whether a sequence was there before.</summary>
public enum SequenceSeen
{
    /// <summary>Never seen.</summary>
    New,

    /// <summary>Seen, with the same body or one that is no longer remembered.</summary>
    Duplicate,

    /// <summary>Seen with another body.</summary>
    Conflict,
}

/// <summary>
/// Which sequences of one train have been seen: exact, as ranges, because a train counts on by one. Part of the detector's
/// snapshot, so that a message read again after a kill is not taken for a duplicate.
/// </summary>
public sealed class SequenceMemory
{
    // A train with more holes than this forgets its oldest ones; what lies before them is then taken as new.
    private const int MaxRanges = 512;
    private const int MaxHashes = 256;

    private readonly List<(long First, long Last)> _ranges = [];
    private readonly (long Sequence, ulong Hash)[] _recent = new (long, ulong)[MaxHashes];
    private int _next;

    /// <summary>Takes a sequence in and says whether it was there before.</summary>
    public SequenceSeen Take(long sequence, ReadOnlySpan<byte> body)
    {
        var hash = Hash(body);
        var index = FindRangeEndingAtOrAfter(sequence);
        if (index < _ranges.Count && _ranges[index].First <= sequence)
        {
            return Conflicts(sequence, hash) ? SequenceSeen.Conflict : SequenceSeen.Duplicate;
        }

        Insert(index, sequence);
        _recent[_next] = (sequence, hash);
        _next = (_next + 1) % MaxHashes;
        return SequenceSeen.New;
    }

    /// <summary>Writes the memory.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_ranges.Count);
        foreach (var (first, last) in _ranges)
        {
            writer.Write(first);
            writer.Write(last);
        }

        writer.Write(_next);
        foreach (var (sequence, hash) in _recent)
        {
            writer.Write(sequence);
            writer.Write(hash);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static SequenceMemory Read(BinaryReader reader)
    {
        var memory = new SequenceMemory();
        var ranges = reader.ReadInt32();
        for (var i = 0; i < ranges; i++)
        {
            memory._ranges.Add((reader.ReadInt64(), reader.ReadInt64()));
        }

        memory._next = reader.ReadInt32();
        for (var i = 0; i < MaxHashes; i++)
        {
            memory._recent[i] = (reader.ReadInt64(), reader.ReadUInt64());
        }

        return memory;
    }

    private int FindRangeEndingAtOrAfter(long sequence)
    {
        // Nearly always the newest range, so look there first.
        if (_ranges.Count == 0 || _ranges[^1].Last < sequence)
        {
            return _ranges.Count;
        }

        var (low, high) = (0, _ranges.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Last >= sequence)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private void Insert(int index, long sequence)
    {
        var joinsBefore = index > 0 && _ranges[index - 1].Last == sequence - 1;
        var joinsAfter = index < _ranges.Count && _ranges[index].First == sequence + 1;
        if (joinsBefore && joinsAfter)
        {
            _ranges[index - 1] = (_ranges[index - 1].First, _ranges[index].Last);
            _ranges.RemoveAt(index);
        }
        else if (joinsBefore)
        {
            _ranges[index - 1] = (_ranges[index - 1].First, sequence);
        }
        else if (joinsAfter)
        {
            _ranges[index] = (sequence, _ranges[index].Last);
        }
        else
        {
            _ranges.Insert(index, (sequence, sequence));
            if (_ranges.Count > MaxRanges)
            {
                _ranges.RemoveAt(0);
            }
        }
    }

    private bool Conflicts(long sequence, ulong hash)
    {
        foreach (var (seen, seenHash) in _recent)
        {
            if (seen == sequence && seenHash != 0)
            {
                return seenHash != hash;
            }
        }

        return false;
    }

    // FNV-1a, eight bytes at a time: tells apart what an honest train sends twice, no defence against a forger.
    private static ulong Hash(ReadOnlySpan<byte> body)
    {
        var hash = 14695981039346656037UL;
        for (; body.Length >= 8; body = body[8..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(body)) * 1099511628211UL;
            hash ^= hash >> 29;
        }

        foreach (var b in body)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash == 0 ? 1 : hash;
    }
}
