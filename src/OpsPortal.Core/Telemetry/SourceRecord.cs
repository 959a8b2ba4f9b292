namespace OpsPortal.Core.Telemetry;

/// <summary>What kind of record a source carries: a train's message, or the gateway's word on its connection.</summary>
public enum SourceRecordKind
{
    /// <summary>A telemetry message as the train sent it (JSON, unparsed).</summary>
    Telemetry = 0,

    /// <summary>A presence event in the shape of AWS IoT's lifecycle events: <c>{"clientId","eventType":"connected|disconnected","timestamp"}</c>.</summary>
    Presence = 1,
}

/// <summary>One record of the telemetry source, exactly as received.</summary>
/// <param name="Offset">Place in the source; grows, never reused. Embedded: row number; Kinesis: derived from the sequence number.</param>
/// <param name="Kind">Telemetry or presence.</param>
/// <param name="ReceivedAt">Our time of arrival, UTC.</param>
/// <param name="Body">The bytes as received.</param>
public sealed record SourceRecord(long Offset, SourceRecordKind Kind, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body);

/// <summary>What a train hands to the gateway: not yet confirmed.</summary>
/// <param name="Number">The sender's own running number. A number already taken from this sender is skipped, so that sending again after a lost confirmation doubles nothing.</param>
/// <param name="Kind">Telemetry or presence.</param>
/// <param name="Body">The bytes to send.</param>
public sealed record OutgoingRecord(long Number, SourceRecordKind Kind, ReadOnlyMemory<byte> Body);
