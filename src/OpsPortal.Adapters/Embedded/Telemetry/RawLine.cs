using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>One record as one line of a raw file: its own bytes if they are a JSON object, otherwise wrapped so that nothing is lost.</summary>
/// <param name="Json">The line without its end.</param>
/// <param name="TrainId">Whose it is, or null when it does not say.</param>
/// <param name="MeasuredAt">The train's time, or null when it does not say.</param>
/// <param name="SetAside">True when it is no JSON object.</param>
internal readonly record struct RawLine(ReadOnlyMemory<byte> Json, string? TrainId, DateTimeOffset? MeasuredAt, bool SetAside)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RawLine Of(SourceRecord record)
    {
        if (Utf8.IsValid(record.Body.Span))
        {
            try
            {
                var (isObject, id, measuredAt) = Look(record);
                if (isObject)
                {
                    return new RawLine(OneLine(record.Body), TelemetryParser.IsTrainId(id) ? id : null, measuredAt, false);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // No JSON, or with half characters in it: set aside below.
            }
        }

        return new RawLine(Wrap(record), null, null, true);
    }

    private static (bool IsObject, string? Id, DateTimeOffset? MeasuredAt) Look(SourceRecord record)
    {
        var idName = record.Kind == SourceRecordKind.Presence ? "clientId"u8 : "trainId"u8;
        string? id = null;
        DateTimeOffset? measuredAt = null;
        var reader = new Utf8JsonReader(record.Body.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return default;
        }

        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }

            if (reader.ValueTextEquals(idName))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("measuredAt"u8))
            {
                reader.Read();
                measuredAt = reader.TokenType == JsonTokenType.String ? Time(reader.GetString()!) : null;
            }
            else if (record.Kind == SourceRecordKind.Presence && reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                measuredAt = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var ms) && ms is > 0 and < 253_402_300_799_000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
            }
        }

        return (true, id, measuredAt);
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    // In JSON a line break stands only between values, never inside one: a blank says the same, and every other byte stays as received.
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            return body;
        }

        var line = body.ToArray();
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }

    private static byte[] Wrap(SourceRecord record)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Readable))
        {
            json.WriteStartObject();
            json.WriteStartObject("setAside"u8);
            json.WriteString("receivedAt"u8, record.ReceivedAt.UtcDateTime);
            if (Utf8.IsValid(record.Body.Span))
            {
                json.WriteString("body"u8, Encoding.UTF8.GetString(record.Body.Span));
            }
            else
            {
                json.WriteBase64String("bodyBase64"u8, record.Body.Span);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return line.ToArray();
    }
}
