using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpsPortal.Core.Audit;

/// <summary>
/// The hash chain: SHA-256 over the hash before and the entry, written as one JSON array. It goes on over the turn of the day, so a day's
/// first row carries the hash that the former day's head signs.
/// </summary>
public static class AuditChain
{
    /// <summary>What stands before the first row.</summary>
    public const string Start = "";

    /// <summary>Hash of a row behind the row with the hash <paramref name="before"/>.</summary>
    public static string Hash(string before, long number, AuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStringValue(before);
            json.WriteNumberValue(number);
            json.WriteStringValue(entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            foreach (var text in new[] { entry.Who, entry.Act, entry.On, entry.From, entry.Outcome, entry.Detail, entry.Correlation })
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    /// <summary>The entry as it will be read back: half characters that UTF-8 cannot hold are replaced before they are hashed.</summary>
    public static AuditEntry AsKept(AuditEntry entry) => entry with
    {
        At = entry.At.ToUniversalTime(),
        Who = Clean(entry.Who)!,
        Act = Clean(entry.Act)!,
        On = Clean(entry.On)!,
        From = Clean(entry.From),
        Outcome = Clean(entry.Outcome)!,
        Detail = Clean(entry.Detail),
        Correlation = Clean(entry.Correlation),
    };

    private static string? Clean(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
