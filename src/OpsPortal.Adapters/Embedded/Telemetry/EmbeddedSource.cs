using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>The telemetry source on one file: plays AWS IoT Core's intake and the Kinesis stream behind it.</summary>
internal sealed class EmbeddedSource(EmbeddedFiles files, IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedSource> logger) : ITelemetryIntake, ITelemetrySource
{
    // Trimming in pieces, so that no append waits long for it.
    private const int TrimAtLeast = 2_000;
    private const int TrimAtMost = 10_000;

    // A batch of large bodies ends here, so that hostile senders cannot fill the memory of a reader.
    private const int MaxBatchBytes = 16 << 20;

    private readonly SqliteFile _file = files.Source;
    private readonly string[] _consumers = options.Value.Consumers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public Task AppendAsync(string sender, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return Task.CompletedTask;
        }

        return _file.WriteAsync(session => Append(session, sender, records), cancellationToken);
    }

    public Task<long> GetLastNumberAsync(string sender, CancellationToken cancellationToken) =>
        _file.ReadAsync(session => LastNumber(session, sender), cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<SourceRecord>> ReadBatchesAsync(long afterOffset, int maxRecords, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        await WarnOfGapAsync(afterOffset, cancellationToken);
        while (true)
        {
            var change = _file.Changes.Next;
            var from = afterOffset;
            var batch = await _file.ReadAsync(session => ReadBatch(session, from, maxRecords), cancellationToken);
            if (batch.Count == 0)
            {
                await change.WaitAsync(cancellationToken);
                continue;
            }

            afterOffset = batch[^1].Offset;
            yield return batch;
        }
    }

    public Task<long> GetCommittedAsync(string consumer, CancellationToken cancellationToken)
    {
        RefuseUnknown(consumer);
        return _file.ReadAsync(session => session.Number("SELECT committed FROM consumers WHERE consumer = $consumer", ("$consumer", consumer)) ?? 0, cancellationToken);
    }

    public async Task CommitAsync(string consumer, long offset, CancellationToken cancellationToken)
    {
        RefuseUnknown(consumer);
        await _file.WriteAsync(
            session =>
            {
                session.Run(
                    "INSERT INTO consumers VALUES ($consumer, $offset) ON CONFLICT DO UPDATE SET committed = max(committed, excluded.committed)",
                    ("$consumer", consumer),
                    ("$offset", offset));
                Trim(session);
            },
            cancellationToken);
    }

    public Task<long> GetNewestOffsetAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(static session => session.Number("SELECT seq FROM sqlite_sequence WHERE name = 'records'") ?? 0, cancellationToken);

    private void Append(SqliteSession session, string sender, IReadOnlyList<OutgoingRecord> records)
    {
        var last = LastNumber(session, sender);
        var receivedAt = SqlValue.Time("$at", time.GetUtcNow());
        foreach (var record in records.Where(record => record.Number > last))
        {
            session.Run(
                "INSERT INTO records (kind, received_at, body) VALUES ($kind, $at, $body)",
                ("$kind", (int)record.Kind),
                receivedAt,
                SqlValue.Bytes("$body", record.Body));
            last = record.Number;
        }

        session.Run(
            "INSERT INTO senders VALUES ($sender, $last) ON CONFLICT DO UPDATE SET last_number = excluded.last_number",
            ("$sender", sender),
            ("$last", last));
    }

    private static long LastNumber(SqliteSession session, string sender) =>
        session.Number("SELECT last_number FROM senders WHERE sender = $sender", ("$sender", sender)) ?? 0;

    private static List<SourceRecord> ReadBatch(SqliteSession session, long afterOffset, int maxRecords)
    {
        var batch = new List<SourceRecord>();
        var bytes = 0;
        session.ReadWhile(
            "SELECT source_offset, kind, received_at, body FROM records WHERE source_offset > $after ORDER BY source_offset LIMIT $limit",
            row =>
            {
                var body = row.GetFieldValue<byte[]>(3);
                batch.Add(new SourceRecord(row.GetInt64(0), (SourceRecordKind)row.GetInt32(1), row.Time(2), body));
                bytes += body.Length;
                return bytes < MaxBatchBytes;
            },
            ("$after", afterOffset),
            ("$limit", maxRecords));
        return batch;
    }

    private void Trim(SqliteSession session)
    {
        // A consumer that never committed has no row and holds everything.
        var committed = _consumers.Min(consumer => session.Number("SELECT committed FROM consumers WHERE consumer = $consumer", ("$consumer", consumer)) ?? 0);
        var oldest = session.Number("SELECT min(source_offset) FROM records");
        if (oldest is { } first && committed - first >= TrimAtLeast)
        {
            session.Run("DELETE FROM records WHERE source_offset <= $last", ("$last", Math.Min(committed, first + TrimAtMost)));
        }
    }

    private async Task WarnOfGapAsync(long afterOffset, CancellationToken cancellationToken)
    {
        var oldest = await _file.ReadAsync(
            static session => session.Number("SELECT min(source_offset) FROM records") ?? (session.Number("SELECT seq FROM sqlite_sequence WHERE name = 'records'") ?? 0) + 1,
            cancellationToken);
        if (oldest > afterOffset + 1)
        {
            Log.RecordsGone(logger, afterOffset + 1, oldest - 1);
        }
    }

    private void RefuseUnknown(string consumer)
    {
        if (!_consumers.Contains(consumer))
        {
            throw new ArgumentException($"{consumer} is not in Data:Consumers ({string.Join(',', _consumers)}); records could be trimmed before it has seen them.", nameof(consumer));
        }
    }
}
