using System.IO.Compression;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>One train's part of a raw file.</summary>
internal readonly record struct RawTrain(int Records, DateTimeOffset? FirstMeasuredAt, DateTimeOffset? LastMeasuredAt);

/// <summary>Lines that go into one file together: one gzip member, and what is in it.</summary>
internal sealed class RawContent(SourceRecord first) : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<string, RawTrain> _trains = new(StringComparer.Ordinal);
    private GZipStream? _gzip;

    public SourceRecord First => first;

    public int Records { get; private set; }

    public int SetAside { get; private set; }

    public long FirstOffset => first.Offset;

    public long LastOffset { get; private set; }

    public DateTimeOffset FirstReceivedAt { get; private set; } = first.ReceivedAt;

    public DateTimeOffset LastReceivedAt { get; private set; } = first.ReceivedAt;

    public IReadOnlyDictionary<string, RawTrain> Trains => _trains;

    public void Add(SourceRecord record, RawLine line)
    {
        _gzip ??= new GZipStream(_bytes, CompressionLevel.Optimal, leaveOpen: true);
        _gzip.Write(line.Json.Span);
        _gzip.WriteByte((byte)'\n');
        Records++;
        SetAside += line.SetAside ? 1 : 0;
        LastOffset = record.Offset;
        // Our clock may have been set back between two records.
        FirstReceivedAt = record.ReceivedAt < FirstReceivedAt ? record.ReceivedAt : FirstReceivedAt;
        LastReceivedAt = record.ReceivedAt > LastReceivedAt ? record.ReceivedAt : LastReceivedAt;
        if (line.TrainId is { } train)
        {
            var part = _trains.GetValueOrDefault(train);
            _trains[train] = new RawTrain(part.Records + 1, Earlier(part.FirstMeasuredAt, line.MeasuredAt), Later(part.LastMeasuredAt, line.MeasuredAt));
        }
    }

    /// <summary>Ends the member; nothing can be added afterwards.</summary>
    public ReadOnlyMemory<byte> ToMember()
    {
        _gzip?.Dispose();
        return _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
    }

    public void Dispose()
    {
        _gzip?.Dispose();
        _bytes.Dispose();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
