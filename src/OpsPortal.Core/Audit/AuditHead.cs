using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpsPortal.Core.Audit;

/// <summary>
/// What the audit was at one moment, signed and kept elsewhere: so many rows, the last with this hash. Each carries the signature of the
/// one before, so none can be taken out or put in.
/// </summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="Day">Set when these are all rows of that day (UTC) and before: the day's head. Otherwise the day goes on.</param>
/// <param name="Rows">Number of the last row covered; 0 when there was none.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Former">Signature of the head before; empty for the first.</param>
/// <param name="Key">Id of the key it is signed with.</param>
/// <param name="Signature">Over all of this, in base64.</param>
public sealed record AuditHead(long Number, DateOnly? Day, long Rows, string Hash, DateTimeOffset At, string Former, string Key, string Signature)
{
    private const string Form = "opsportal-audit-head-1";

    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes that are signed.</summary>
    public byte[] ToSigned()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStringValue(Form);
            json.WriteNumberValue(Number);
            json.WriteStringValue(DayText);
            json.WriteNumberValue(Rows);
            json.WriteStringValue(Hash);
            json.WriteStringValue(AtText);
            json.WriteStringValue(Former);
            json.WriteStringValue(Key);
            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>As it stands in a file: one line of JSON.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Written))
        {
            json.WriteStartObject();
            json.WriteString("form", Form);
            json.WriteNumber("number", Number);
            json.WriteString("day", DayText);
            json.WriteNumber("rows", Rows);
            json.WriteString("hash", Hash);
            json.WriteString("at", AtText);
            json.WriteString("former", Former);
            json.WriteString("key", Key);
            json.WriteString("signature", Signature);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for anything else, be it one byte.</summary>
    public static AuditHead? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var json = document.RootElement;
            var head = new AuditHead(
                json.GetProperty("number").GetInt64(),
                json.GetProperty("day").GetString() is { } day ? DateOnly.ParseExact(day, "O", CultureInfo.InvariantCulture) : null,
                json.GetProperty("rows").GetInt64(),
                Text(json, "hash"),
                DateTimeOffset.Parse(Text(json, "at"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                Text(json, "former"),
                Text(json, "key"),
                Text(json, "signature"));
            return head.ToBytes().AsSpan().SequenceEqual(bytes.Span) ? head : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException or EncoderFallbackException)
        {
            return null;
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    private string? DayText => Day?.ToString("O", CultureInfo.InvariantCulture);

    private string AtText => At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
