using System.Buffers;
using System.Text.Json;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>
/// All that the pipeline remembers of one train: a pure function of its records in the order received. Written into the
/// detector's snapshot together with the source offset, so that a killed run goes on as if it had not been killed.
/// </summary>
internal sealed class TrainMemory
{
    private const byte Version = 1;

    // Kilometres that two receivers, or one under a bridge, may differ by.
    private const double Noise = 0.2;

    private readonly SequenceMemory _sequences;
    private readonly WindowAccumulator _window;
    // What each sensor's instrument can give, so that it is looked up once.
    private readonly Dictionary<string, (double Lowest, double Highest)> _ranges = new(StringComparer.Ordinal);
    private TrainDetector _detector;

    public TrainMemory(Train train, DetectorOptions options)
        : this(new TrainState(train, 0, null, new Dictionary<string, LatestReading>(), null, null, null, null, null, 0), new(), new(), new TrainDetector(train, options))
    {
    }

    private TrainMemory(TrainState state, SequenceMemory sequences, WindowAccumulator window, TrainDetector detector) =>
        (State, _sequences, _window, _detector) = (state, sequences, window, detector);

    public TrainState State { get; private set; }

    public SequenceSeen See(TelemetryMessage message, ReadOnlySpan<byte> body) => _sequences.Take(message.Sequence, body);

    public DetectionResult Detect(TelemetryMessage message, SourceRecord record, bool late) =>
        _detector.Detect(message, record.ReceivedAt, record.Offset, late);

    /// <summary>Readings that the sensor's instrument cannot give.</summary>
    public int CountOutOfRange(TelemetryMessage message)
    {
        var count = 0;
        foreach (var (sensor, value) in message.Readings)
        {
            if (!_ranges.TryGetValue(sensor, out var range))
            {
                var description = State.Train.Describe(sensor);
                _ranges[sensor] = range = (description.Lowest, description.Highest);
            }

            count += value < range.Lowest || value > range.Highest ? 1 : 0;
        }

        return count;
    }

    /// <summary>Holds a position against the last one. The first of a train has nothing to be held against.</summary>
    public PositionDoubt Doubt(TelemetryMessage message, double fastestKmh)
    {
        if (message.Position is not { } to || State.Position is not { } from || to.MeasuredAt <= from.MeasuredAt || !Jumps(from, to, fastestKmh))
        {
            return PositionDoubt.None;
        }

        var turned = to with { Latitude = to.Longitude, Longitude = to.Latitude };
        return Math.Abs(turned.Latitude) <= 90 && !Jumps(from, turned, fastestKmh) ? PositionDoubt.Swapped : PositionDoubt.Jump;
    }

    /// <summary>Puts the message into the open window; returns the window that it closed.</summary>
    public ReadingWindow? Pack(TelemetryMessage message, SourceRecord record, bool late) =>
        _window.Take(State.Train.Identity, message, record.ReceivedAt, late);

    /// <summary>The open window if something went in since it was last given.</summary>
    public ReadingWindow? PeekWindow() => _window.HasChanged ? _window.Peek(State.Train.Identity) : null;

    /// <summary>Takes the message into the latest state. What was measured earlier corrects history, never the present.</summary>
    /// <returns>True when the message was measured before one that is already there.</returns>
    public bool Apply(TelemetryMessage message, SourceRecord record, bool badPosition)
    {
        var outOfOrder = message.MeasuredAt < State.MeasuredAt;
        var position = message.Position is { } at && (State.Position is null || at.MeasuredAt > State.Position.MeasuredAt) ? at : State.Position;
        State = State with
        {
            SourceOffset = record.Offset,
            Position = position,
            Readings = Newest(message),
            MeasuredAt = outOfOrder ? State.MeasuredAt : message.MeasuredAt,
            ReceivedAt = record.ReceivedAt,
            ConnectedSince = State.ConnectedSince ?? record.ReceivedAt,
            // Whoever sends is connected, whatever the gateway's last word was.
            DisconnectedSince = null,
            OriginalMeasuredAt = outOfOrder ? State.OriginalMeasuredAt : message.OriginalMeasuredAt,
            BadPositions = State.BadPositions + (badPosition ? 1 : 0),
        };
        return outOfOrder;
    }

    /// <summary>Takes the gateway's word on the connection.</summary>
    public void Apply(Presence presence, SourceRecord record) => State = presence.Connected
        ? State with { SourceOffset = record.Offset, ConnectedSince = State.DisconnectedSince is null ? State.ConnectedSince ?? record.ReceivedAt : record.ReceivedAt, DisconnectedSince = null }
        : State with { SourceOffset = record.Offset, ConnectedSince = null, DisconnectedSince = State.DisconnectedSince ?? record.ReceivedAt };

    /// <summary>Takes a later registration; what was learnt is kept.</summary>
    public void Register(Train train, DetectorOptions options)
    {
        if (train.Identity == State.Train.Identity && train.ExpectedInterval == State.Train.ExpectedInterval && train.Cars == State.Train.Cars)
        {
            return;
        }

        var learnt = new ArrayBufferWriter<byte>();
        _detector.Write(learnt);
        _detector = TrainDetector.Read(train, options, learnt.WrittenMemory);
        State = State with { Train = train };
        _ranges.Clear();
    }

    public ReadOnlyMemory<byte> Write()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        var state = JsonSerializer.SerializeToUtf8Bytes(State);
        writer.Write(state.Length);
        writer.Write(state);
        _sequences.Write(writer);
        _window.Write(writer);
        writer.Flush();
        var all = new ArrayBufferWriter<byte>();
        all.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        _detector.Write(all);
        return all.WrittenMemory;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Another version, or spoilt.</exception>
    public static TrainMemory Read(ReadOnlyMemory<byte> bytes, DetectorOptions options)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false));
        if (reader.ReadByte() is var version and not Version)
        {
            throw new InvalidDataException($"The snapshot has version {version}; this program reads {Version}.");
        }

        var state = JsonSerializer.Deserialize<TrainState>(reader.ReadBytes(reader.ReadInt32())) ?? throw new InvalidDataException("The snapshot holds no state.");
        var sequences = SequenceMemory.Read(reader);
        var window = WindowAccumulator.Read(reader);
        return new TrainMemory(state, sequences, window, TrainDetector.Read(state.Train, options, bytes[(int)reader.BaseStream.Position..]));
    }

    private static bool Jumps(TrainPosition from, TrainPosition to, double fastestKmh) =>
        from.KilometresTo(to) > Noise + (fastestKmh * (to.MeasuredAt - from.MeasuredAt).TotalHours);

    private Dictionary<string, LatestReading> Newest(TelemetryMessage message)
    {
        var readings = new Dictionary<string, LatestReading>(State.Readings, StringComparer.Ordinal);
        foreach (var (sensor, value) in message.Readings)
        {
            if (!readings.TryGetValue(sensor, out var kept) || kept.MeasuredAt <= message.MeasuredAt)
            {
                readings[sensor] = new LatestReading(value, message.MeasuredAt);
            }
        }

        return readings;
    }
}
