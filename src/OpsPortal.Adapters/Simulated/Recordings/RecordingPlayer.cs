using System.Buffers;
using System.Text.Json;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Plays one recording as a train: its rows at its own intervals, shifted to an anchor, with the original time kept. It plays once and then stays silent.</summary>
internal sealed class RecordingPlayer : IDisposable
{
    private readonly RecordingReader _reader;
    private readonly JsonEncodedText[] _names;
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private DateTimeOffset _anchor;
    private readonly DateTimeOffset _first;
    private bool _waiting;
    private volatile RecordingReport _report;

    public RecordingPlayer(RecordingFile file)
    {
        Registered = file.Descriptor.ToTrain();
        _names = [.. file.Descriptor.Columns!.Select(column => JsonEncodedText.Encode(column.Sensor!))];
        _reader = new RecordingReader(file);
        _waiting = _reader.Next();
        _first = _reader.MeasuredAt;
        // Nothing has been played yet, so nothing is reported yet.
        _report = new RecordingReport(file.Name, Registered.Identity.Id, 0, 0, new Dictionary<string, long>(), 0, false);
    }

    public Train Registered { get; }

    public string Id => Registered.Identity.Id;

    /// <summary>Rows of which at least a part was played or set aside.</summary>
    public RecordingReport Report => _report;

    public RecordingProgress Progress => new(Id, _anchor.ToUnixTimeMilliseconds(), _report.RowsRead);

    /// <summary>How long a recording lasts by its own times.</summary>
    public static TimeSpan Duration(RecordingFile file)
    {
        using var reader = new RecordingReader(file);
        if (!reader.Next())
        {
            return TimeSpan.Zero;
        }

        var first = reader.MeasuredAt;
        while (reader.Next())
        {
        }

        return reader.MeasuredAt - first;
    }

    /// <summary>Begins with the first row at <paramref name="origin"/>, or goes on where it was; a gap longer than <paramref name="patience"/> stays a gap.</summary>
    public void Begin(DateTimeOffset origin, RecordingProgress? earlier, TimeSpan patience)
    {
        _anchor = origin;
        if (earlier is not { } progress || progress.RowsRead == 0)
        {
            return;
        }

        _anchor = DateTimeOffset.FromUnixTimeMilliseconds(progress.AnchorMs);
        while (_waiting && _reader.RowsRead <= progress.RowsRead)
        {
            Advance();
        }

        if (_waiting && Due < origin - patience)
        {
            _anchor += origin - Due;
        }
    }

    /// <summary>Writes the rows that are due, at most <paramref name="most"/>.</summary>
    public void Play(DateTimeOffset upTo, int most, OutboxBatch batch)
    {
        for (var written = 0; _waiting && written < most && Due <= upTo; written++)
        {
            Write(batch.Begin());
            batch.End(SourceRecordKind.Telemetry);
            Advance();
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _json.Dispose();
    }

    private DateTimeOffset Due => _anchor + (_reader.MeasuredAt - _first);

    // The reader stands on the row that waits; the report counts up to the row before, and at the end everything.
    private void Advance()
    {
        var played = _reader.Report;
        _waiting = _reader.Next();
        _report = _waiting ? played : _reader.Report;
    }

    private void Write(IBufferWriter<byte> output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("trainId", Id);
        // The row's number in the file grows with every message and is the same after every restart.
        _json.WriteNumber("sequence", _reader.RowsRead);
        _json.WriteString("measuredAt", Due.UtcDateTime);
        _json.WriteString("originalMeasuredAt", _reader.MeasuredAt.UtcDateTime);
        _json.WriteStartObject("readings");
        for (var i = 0; i < _names.Length; i++)
        {
            if (!double.IsNaN(_reader.Values[i]))
            {
                _json.WriteNumber(_names[i], _reader.Values[i]);
            }
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }
}
