using System.Globalization;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>What goes into one raw file: one kind, one depot, one hour of our clock.</summary>
internal readonly record struct RawKey(SourceRecordKind Kind, string Depot, DateTimeOffset Hour)
{
    /// <summary>Begin of the hour a time is in.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>When the hour is over.</summary>
    public DateTimeOffset End => Hour + TimeSpan.FromHours(1);

    /// <summary>Path of a new file below the data folder, the same as a key in S3. Unique: no offset is ever used twice.</summary>
    public string FileKey(SourceRecord first) => string.Create(
        CultureInfo.InvariantCulture,
        $"{RawFileKey.HourPrefix(Kind, RawFileKey.FolderOf(Depot), Hour)}/{first.ReceivedAt.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{first.Offset:D12}.ndjson.gz");
}
