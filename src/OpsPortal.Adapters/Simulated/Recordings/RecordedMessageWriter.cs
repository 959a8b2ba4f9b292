using System.Buffers;
using System.Text.Json;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Writes the row that the reader stands on as a message.</summary>
internal sealed class RecordedMessageWriter(RecordingReader reader, RecordingDescriptor descriptor) : IDisposable
{
    private readonly JsonEncodedText[] _sensors = [.. (descriptor.Columns ?? []).Select(column => JsonEncodedText.Encode(column.Sensor!))];
    private readonly JsonEncodedText[] _raw = [.. (descriptor.Raw ?? []).Select(column => JsonEncodedText.Encode(column))];
    private readonly Utf8JsonWriter _json = new(Stream.Null);

    /// <summary>Sequences that other files of the same trains have used.</summary>
    public long SequencesBefore { get; set; }

    /// <param name="measuredAt">The row's time, shifted.</param>
    public void Write(IBufferWriter<byte> output, DateTimeOffset measuredAt)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("trainId", reader.Run.Train.Identity.Id);
        _json.WriteNumber("sequence", SequencesBefore + reader.Run.Sequence);
        _json.WriteString("measuredAt", measuredAt.UtcDateTime);
        _json.WriteString("originalMeasuredAt", reader.MeasuredAt.UtcDateTime);
        if (reader.Place is { } place)
        {
            WritePlace(place);
        }

        WriteReadings();
        WriteRaw();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WritePlace(in RecordedPlace place)
    {
        _json.WriteStartObject("position");
        _json.WriteNumber("latitude", place.Latitude);
        _json.WriteNumber("longitude", place.Longitude);
        if (place.SpeedKmh is { } speed)
        {
            _json.WriteNumber("speedKmh", speed);
        }

        if (place.HeadingDeg is { } heading)
        {
            _json.WriteNumber("headingDeg", heading);
        }

        if (descriptor.Train!.Line is not null)
        {
            _json.WriteString("line", reader.Layout.Line.Fill(reader.Fields));
        }

        _json.WriteEndObject();
    }

    private void WriteReadings()
    {
        _json.WriteStartObject("readings");
        for (var i = 0; i < _sensors.Length; i++)
        {
            if (!double.IsNaN(reader.Values[i]))
            {
                _json.WriteNumber(_sensors[i], reader.Values[i]);
            }
        }

        _json.WriteEndObject();
    }

    private void WriteRaw()
    {
        if (_raw.Length == 0)
        {
            return;
        }

        _json.WriteStartObject("recorded");
        for (var i = 0; i < _raw.Length; i++)
        {
            _json.WriteString(_raw[i], reader.Fields[reader.Layout.Raw[i]]);
        }

        _json.WriteEndObject();
    }
}
