using System.Buffers;
using System.Text.Json;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>Writes telemetry messages one after the other into a buffer, allocating nothing per message.</summary>
internal sealed class TelemetryWriter : IDisposable
{
    private static readonly JsonEncodedText TrainId = JsonEncodedText.Encode("trainId");
    private static readonly JsonEncodedText Sequence = JsonEncodedText.Encode("sequence");
    private static readonly JsonEncodedText MeasuredAt = JsonEncodedText.Encode("measuredAt");
    private static readonly JsonEncodedText Position = JsonEncodedText.Encode("position");
    private static readonly JsonEncodedText Latitude = JsonEncodedText.Encode("latitude");
    private static readonly JsonEncodedText Longitude = JsonEncodedText.Encode("longitude");
    private static readonly JsonEncodedText SpeedKmh = JsonEncodedText.Encode("speedKmh");
    private static readonly JsonEncodedText HeadingDeg = JsonEncodedText.Encode("headingDeg");
    private static readonly JsonEncodedText LineId = JsonEncodedText.Encode("line");
    private static readonly JsonEncodedText Km = JsonEncodedText.Encode("km");
    private static readonly JsonEncodedText Readings = JsonEncodedText.Encode("readings");

    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private readonly double[] _values = new double[64];

    /// <summary>Measures and writes one train's message; the train must be asked for every second in order.</summary>
    public void Write(IBufferWriter<byte> output, SimulatedTrain train, in Motion motion, long second, long sequence, ReadOnlySpan<byte> measuredAt)
    {
        var sensors = train.Sensors;
        var values = _values.AsSpan(0, sensors.Length);
        train.Read(motion, second, values);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString(TrainId, train.Id);
        _json.WriteNumber(Sequence, sequence);
        _json.WriteString(MeasuredAt, measuredAt);
        WritePosition(train, motion);
        _json.WriteStartObject(Readings);
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]))
            {
                _json.WriteNumber(sensors[i].Name, values[i]);
            }
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WritePosition(SimulatedTrain train, in Motion motion)
    {
        var (latitude, longitude, heading) = train.PlaceAt(motion);
        _json.WriteStartObject(Position);
        _json.WriteNumber(Latitude, Math.Round(latitude, 6));
        _json.WriteNumber(Longitude, Math.Round(longitude, 6));
        _json.WriteNumber(SpeedKmh, Math.Round(motion.SpeedKmh, 1));
        _json.WriteNumber(HeadingDeg, Math.Round(heading, 0) % 360);
        _json.WriteString(LineId, train.Registered.Identity.Line);
        _json.WriteNumber(Km, Math.Round(motion.Km, 3));
        _json.WriteEndObject();
    }
}
