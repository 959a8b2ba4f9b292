using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Telemetry;

/// <summary>
/// Packs one train's readings into 10-second windows. One window is open at a time; a message of another window closes it.
/// A message that belongs to a window closed earlier opens a part of its own, told apart by its first sequence, so that
/// keeping is a plain replacement and reading merges the parts.
/// </summary>
public sealed class WindowAccumulator
{
    /// <summary>Length of a window.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ReadingFigures> _sensors = new(StringComparer.Ordinal);
    private DateTimeOffset _start;
    private long _firstSequence;
    private int _messages;
    private DateTimeOffset _lastReceivedAt;
    private bool _late;

    /// <summary>True when something went in since <see cref="Take"/> or <see cref="Peek"/> last gave the open window.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Takes a message in.</summary>
    /// <returns>The window that this message closed, or null.</returns>
    public ReadingWindow? Take(TrainIdentity train, TelemetryMessage message, DateTimeOffset receivedAt, bool late)
    {
        var start = new DateTimeOffset(message.MeasuredAt.UtcTicks / Length.Ticks * Length.Ticks, TimeSpan.Zero);
        ReadingWindow? closed = null;
        if (_messages > 0 && start != _start)
        {
            closed = HasChanged ? Peek(train) : null;
            Reset();
        }

        if (_messages == 0)
        {
            (_start, _firstSequence) = (start, message.Sequence);
        }

        foreach (var (sensor, value) in message.Readings)
        {
            _sensors[sensor] = _sensors.TryGetValue(sensor, out var figures)
                ? new ReadingFigures(Math.Min(figures.Min, value), figures.Sum + value, Math.Max(figures.Max, value), figures.Count + 1)
                : new ReadingFigures(value, value, value, 1);
        }

        _messages++;
        _lastReceivedAt = receivedAt;
        _late |= late;
        HasChanged = true;
        return closed;
    }

    /// <summary>The open window as it is now.</summary>
    public ReadingWindow Peek(TrainIdentity train)
    {
        HasChanged = false;
        return new ReadingWindow(train, _start, _firstSequence, _messages, _lastReceivedAt, _late, new Dictionary<string, ReadingFigures>(_sensors, StringComparer.Ordinal));
    }

    /// <summary>Writes the open window.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_start.UtcTicks);
        writer.Write(_firstSequence);
        writer.Write(_messages);
        writer.Write(_lastReceivedAt.UtcTicks);
        writer.Write(_late);
        writer.Write(_sensors.Count);
        foreach (var (sensor, figures) in _sensors)
        {
            writer.Write(sensor);
            writer.Write(figures.Min);
            writer.Write(figures.Sum);
            writer.Write(figures.Max);
            writer.Write(figures.Count);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static WindowAccumulator Read(BinaryReader reader)
    {
        var window = new WindowAccumulator
        {
            _start = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            _firstSequence = reader.ReadInt64(),
            _messages = reader.ReadInt32(),
            _lastReceivedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            _late = reader.ReadBoolean(),
        };
        var sensors = reader.ReadInt32();
        for (var i = 0; i < sensors; i++)
        {
            window._sensors[reader.ReadString()] = new ReadingFigures(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32());
        }

        return window;
    }

    private void Reset()
    {
        _sensors.Clear();
        (_messages, _late) = (0, false);
    }
}
