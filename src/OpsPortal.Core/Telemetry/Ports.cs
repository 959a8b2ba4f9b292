namespace OpsPortal.Core.Telemetry;

/// <summary>The trains' side of the source (AWS IoT Core's publish). What it has confirmed survives kill -9.</summary>
public interface ITelemetryIntake
{
    /// <summary>Takes records from one sender, in order, durably. When it returns they are confirmed and the sender may forget them.</summary>
    /// <param name="sender">Id of the sender whose running numbers the records carry.</param>
    Task AppendAsync(string sender, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken);

    /// <summary>The highest number taken from this sender, 0 when none was.</summary>
    Task<long> GetLastNumberAsync(string sender, CancellationToken cancellationToken);
}

/// <summary>The reading side of the source (a Kinesis stream). Each consumer ("detector", "raw") has its own committed offset; a record is kept until all consumers have committed it.</summary>
public interface ITelemetrySource
{
    /// <summary>Reads on, batch by batch and in order, from the record after <paramref name="afterOffset"/>; waits when there is none. Never yields an empty batch.</summary>
    /// <param name="maxRecords">Upper bound of one batch.</param>
    IAsyncEnumerable<IReadOnlyList<SourceRecord>> ReadBatchesAsync(long afterOffset, int maxRecords, CancellationToken cancellationToken);

    /// <summary>The consumer's committed offset; 0 when it never committed.</summary>
    Task<long> GetCommittedAsync(string consumer, CancellationToken cancellationToken);

    /// <summary>Tells the source that everything up to and including <paramref name="offset"/> is kept. Never goes backwards.</summary>
    Task CommitAsync(string consumer, long offset, CancellationToken cancellationToken);

    /// <summary>The newest offset in the source, 0 when empty: what a consumer's lag is measured against.</summary>
    Task<long> GetNewestOffsetAsync(CancellationToken cancellationToken);
}

/// <summary>Messages that could not be used, with the reason; nothing received is ever dropped.</summary>
public interface IDeadLetters
{
    /// <summary>Keeps the records; one already kept (same offset) is skipped.</summary>
    Task AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<DeadLetter>> FindAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How many were kept, by reason.</summary>
    Task<IReadOnlyDictionary<string, long>> CountByReasonAsync(CancellationToken cancellationToken);
}

/// <summary>A message set aside.</summary>
/// <param name="Offset">Its place in the source.</param>
/// <param name="ReceivedAt">When it came, UTC.</param>
/// <param name="Reason">Short code, countable: <c>malformedJson</c>, <c>missingTrainId</c>, … (see <see cref="TelemetryParser"/>).</param>
/// <param name="Detail">What is wrong and where, in words.</param>
/// <param name="Body">The bytes as received.</param>
public sealed record DeadLetter(long Offset, DateTimeOffset ReceivedAt, string Reason, string Detail, ReadOnlyMemory<byte> Body);

/// <summary>Recent readings: 10-second windows, one packed row per train and window.</summary>
public interface IReadingStore
{
    /// <summary>Keeps windows; a row with the same train, start and first sequence is replaced, so keeping again changes nothing.</summary>
    Task KeepAsync(IReadOnlyList<ReadingWindow> windows, CancellationToken cancellationToken);

    /// <summary>One sensor's points in [from, to), oldest first, merged to buckets of <paramref name="resolution"/> (a multiple of 10 s). Empty when the train is outside the scope.</summary>
    Task<IReadOnlyList<ReadingPoint>> FindAsync(Access.Scope scope, string trainId, string sensor, DateTimeOffset from, DateTimeOffset to, TimeSpan resolution, CancellationToken cancellationToken);
}

/// <summary>One train's readings within one 10-second window, or a part of it that arrived apart.</summary>
/// <param name="Start">Start of the window by the train's time; a multiple of 10 s.</param>
/// <param name="FirstSequence">Sequence of the first message inside; with train and start the row's identity.</param>
/// <param name="Messages">How many messages went in.</param>
/// <param name="LastReceivedAt">Our time of the last of them.</param>
/// <param name="Late">True when it arrived later than the late limit after it was measured.</param>
/// <param name="Sensors">Figures by sensor id.</param>
public sealed record ReadingWindow(Fleet.TrainIdentity Train, DateTimeOffset Start, long FirstSequence, int Messages, DateTimeOffset LastReceivedAt, bool Late, IReadOnlyDictionary<string, ReadingFigures> Sensors);

/// <summary>Figures of one sensor over a window, in the sensor's unit.</summary>
public readonly record struct ReadingFigures(double Min, double Sum, double Max, int Count)
{
    /// <summary>Arithmetic mean; NaN when empty.</summary>
    public double Mean => Count == 0 ? double.NaN : Sum / Count;
}

/// <summary>A point of a plot.</summary>
public readonly record struct ReadingPoint(DateTimeOffset At, double Min, double Mean, double Max, bool Late);
