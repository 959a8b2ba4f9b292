using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Messages set aside, counted by reason as they are kept.</summary>
internal sealed class EmbeddedDeadLetters(EmbeddedFiles files) : IDeadLetters
{
    private readonly SqliteFile _file = files.Operations;

    public async Task AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        if (letters.Count > 0)
        {
            await _file.WriteAsync(session => Append(session, letters), cancellationToken);
        }
    }

    public Task<IReadOnlyList<DeadLetter>> FindAsync(int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<DeadLetter>>(
            session => session.Read(
                "SELECT source_offset, received_at, reason, detail, body FROM dead_letters ORDER BY source_offset DESC LIMIT $limit",
                static row => new DeadLetter(row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.GetFieldValue<byte[]>(4)),
                ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountByReasonAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyDictionary<string, long>>(
            static session => session.Read("SELECT reason, letters FROM dead_letter_counts", static row => (Reason: row.GetString(0), Letters: row.GetInt64(1)))
                .ToDictionary(count => count.Reason, count => count.Letters, StringComparer.Ordinal),
            cancellationToken);

    private static void Append(SqliteSession session, IReadOnlyList<DeadLetter> letters)
    {
        foreach (var letter in letters)
        {
            var kept = session.Run(
                "INSERT INTO dead_letters VALUES ($offset, $at, $reason, $detail, $body) ON CONFLICT DO NOTHING",
                ("$offset", letter.Offset),
                SqlValue.Time("$at", letter.ReceivedAt),
                ("$reason", letter.Reason),
                ("$detail", letter.Detail),
                SqlValue.Bytes("$body", letter.Body));
            if (kept == 1)
            {
                session.Run("INSERT INTO dead_letter_counts VALUES ($reason, 1) ON CONFLICT DO UPDATE SET letters = letters + 1", ("$reason", letter.Reason));
            }
        }
    }
}
