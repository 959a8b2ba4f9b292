using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>What goes into one raw file: one kind, one depot, one hour of our clock.</summary>
internal readonly record struct RawKey(SourceRecordKind Kind, string Depot, DateTimeOffset Hour)
{
    // Names of folders are limited to 255 bytes.
    private const int MaxDepot = 200;

    /// <summary>Begin of the hour a time is in.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>When the hour is over.</summary>
    public DateTimeOffset End => Hour + TimeSpan.FromHours(1);

    /// <summary>Path of a new file below the data folder, the same as a key in S3. Unique: no offset is ever used twice.</summary>
    public string FileKey(SourceRecord first) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Kind == SourceRecordKind.Telemetry ? "raw" : "presence")}/depot={Folder(Depot)}/date={Hour:yyyy-MM-dd}/hour={Hour:HH}/{first.ReceivedAt.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{first.Offset:D12}.ndjson.gz");

    /// <summary>A depot's name as the name of a folder: no separators, no dots that lead elsewhere, and two depots never share one.</summary>
    internal static string Folder(string depot)
    {
        var escaped = Uri.EscapeDataString(depot).Replace(".", "%2E", StringComparison.Ordinal);
        return escaped.Length <= MaxDepot
            ? escaped
            : $"{escaped[..MaxDepot].TrimEnd('%')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(depot)))[..16]}";
    }
}
