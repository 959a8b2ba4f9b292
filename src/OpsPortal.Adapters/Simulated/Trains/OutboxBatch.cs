using System.Buffers;
using System.Buffers.Binary;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>What the fleet measured in one turn of the loop: what can be sent, what waits in a tunnel, and who came or went. Used again for the next turn.</summary>
internal sealed class OutboxBatch
{
    private const int ShapeBytes = 5;

    private readonly ArrayBufferWriter<byte> _bodies = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _shapes = new(4 * 1024);
    private readonly List<HeldMessage> _held = [];
    private readonly List<string> _released = [];
    private readonly List<(string TrainId, bool Connected)> _connections = [];
    private readonly List<DelayedMessage> _delayed = [];
    private readonly List<long> _undelayed = [];
    private int _start;

    /// <summary>Messages of trains that cannot be reached, oldest first.</summary>
    public IReadOnlyList<HeldMessage> Held => _held;

    /// <summary>Trains whose held messages are in this batch by now.</summary>
    public IReadOnlyList<string> Released => _released;

    /// <summary>Who came online or went, in order.</summary>
    public IReadOnlyList<(string TrainId, bool Connected)> Connections => _connections;

    /// <summary>Messages held back in this turn.</summary>
    public IReadOnlyList<DelayedMessage> Delayed => _delayed;

    /// <summary>Ids of messages held back earlier or in this turn that are in this batch by now.</summary>
    public IReadOnlyList<long> Undelayed => _undelayed;

    public int Count => _shapes.WrittenCount / ShapeBytes;

    /// <summary>Length of all bodies.</summary>
    public int Bytes => _bodies.WrittenCount;

    public void Clear()
    {
        _bodies.ResetWrittenCount();
        _shapes.ResetWrittenCount();
        _held.Clear();
        _released.Clear();
        _connections.Clear();
        _delayed.Clear();
        _undelayed.Clear();
    }

    /// <summary>Where the next record's body is to be written; <see cref="End"/> closes it.</summary>
    public IBufferWriter<byte> Begin()
    {
        _start = _bodies.WrittenCount;
        return _bodies;
    }

    public void End(SourceRecordKind kind)
    {
        var shape = _shapes.GetSpan(ShapeBytes);
        shape[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(shape[1..], _bodies.WrittenCount - _start);
        _shapes.Advance(ShapeBytes);
    }

    public void Add(SourceRecordKind kind, ReadOnlySpan<byte> body)
    {
        Begin().Write(body);
        End(kind);
    }

    public void Hold(string trainId, byte[] body) => _held.Add(new HeldMessage(trainId, body));

    /// <summary>Sends what was held for a train: first what is on disk, then what this batch still holds.</summary>
    public void Release(string trainId, IReadOnlyList<byte[]> kept)
    {
        foreach (var body in kept)
        {
            Add(SourceRecordKind.Telemetry, body);
        }

        foreach (var message in _held.Where(message => message.TrainId == trainId))
        {
            Add(SourceRecordKind.Telemetry, message.Body);
        }

        _held.RemoveAll(message => message.TrainId == trainId);
        _released.Add(trainId);
    }

    public void Connection(string trainId, bool connected) => _connections.Add((trainId, connected));

    /// <summary>Takes all records out, to be added again as they shall be sent.</summary>
    public OutgoingRecord[] TakeRecords()
    {
        var records = Number(1).Records();
        _bodies.ResetWrittenCount();
        _shapes.ResetWrittenCount();
        return records;
    }

    public void Delay(DelayedMessage message) => _delayed.Add(message);

    public void Undelay(long id) => _undelayed.Add(id);

    /// <summary>The batch with its running numbers, in memory of its own: the source may hold on to it.</summary>
    public NumberedBatch Number(long first) => new(first, _shapes.WrittenSpan.ToArray(), _bodies.WrittenSpan.ToArray());
}

/// <summary>A message of a train that cannot be reached.</summary>
internal readonly record struct HeldMessage(string TrainId, byte[] Body);

/// <summary>Records with running numbers, as they lie in the outbox: kinds and lengths apart from the bodies.</summary>
internal sealed record NumberedBatch(long First, byte[] Shapes, byte[] Bodies)
{
    private const int ShapeBytes = 5;

    public int Count => Shapes.Length / ShapeBytes;

    public long Last => First + Count - 1;

    public OutgoingRecord[] Records()
    {
        var records = new OutgoingRecord[Count];
        var start = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var shape = Shapes.AsSpan(i * ShapeBytes, ShapeBytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(shape[1..]);
            records[i] = new OutgoingRecord(First + i, (SourceRecordKind)shape[0], Bodies.AsMemory(start, length));
            start += length;
        }

        return records;
    }
}
