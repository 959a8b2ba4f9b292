using System.Runtime.CompilerServices;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Audit;

namespace OpsPortal.Adapters.Embedded.Audit;

/// <summary>Audit rows, each with a hash over itself and the one before: changing, removing or inserting one breaks the chain from there on.</summary>
internal sealed class EmbeddedAuditLog(EmbeddedFiles files) : IAuditLog
{
    private const string Columns = "number, at, who, act, acted_on, caller, outcome, detail, correlation, hash";
    private const int PageSize = 1_000;

    private readonly SqliteFile _file = files.Operations;

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var clean = AuditChain.AsKept(entry);
        return _file.WriteAsync(session => Append(session, clean), cancellationToken);
    }

    public async IAsyncEnumerable<AuditRow> ReadAsync(long after, long limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // From the beginning means whatever stands there: a row that somebody else put before the first is shown, and must be found.
        var (last, left) = (after == 0 ? long.MinValue : after, limit);
        while (left > 0)
        {
            var (from, size) = (last, Math.Min(PageSize, left));
            var rows = await _file.ReadAsync(
                session => session.Read($"SELECT {Columns} FROM audit WHERE number > $after ORDER BY number LIMIT $limit", ReadRow, ("$after", from), ("$limit", size)),
                cancellationToken);
            foreach (var row in rows)
            {
                yield return row;
                last = row.Number;
            }

            left = rows.Count < size ? 0 : left - size;
        }
    }

    public async Task<IReadOnlyList<AuditRow>> FindAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var sql = new SqlQuery($"SELECT {Columns} FROM audit")
            .AndIf("number < $before", ("$before", query.Before))
            .AndIf("who = $who", ("$who", query.Who))
            .AndIf("act = $act", ("$act", query.Act))
            .AndIf("acted_on = $on", ("$on", query.On))
            .AndIf("outcome = $outcome", ("$outcome", query.Outcome))
            .AndIf("correlation = $correlation", ("$correlation", query.Correlation))
            .AndIf("at >= $from", SqlValue.Time("$from", query.From))
            .AndIf("at < $to", SqlValue.Time("$to", query.To))
            .Then("ORDER BY number DESC LIMIT $limit", ("$limit", query.Limit));
        return await _file.ReadAsync(session => sql.Read(session, ReadRow), cancellationToken);
    }

    private static void Append(SqliteSession session, AuditEntry entry)
    {
        var last = session.First("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", static row => Tuple.Create(row.GetInt64(0), row.GetString(1)));
        var number = (last?.Item1 ?? 0) + 1;
        session.Run(
            "INSERT INTO audit VALUES ($number, $at, $who, $act, $on, $from, $outcome, $detail, $correlation, $hash)",
            ("$number", number),
            SqlValue.Time("$at", entry.At),
            ("$who", entry.Who),
            ("$act", entry.Act),
            ("$on", entry.On),
            ("$from", entry.From),
            ("$outcome", entry.Outcome),
            ("$detail", entry.Detail),
            ("$correlation", entry.Correlation),
            ("$hash", AuditChain.Hash(last?.Item2 ?? AuditChain.Start, number, entry)));
    }

    private static AuditRow ReadRow(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetInt64(0),
        new AuditEntry(At(row), row.GetString(2), row.GetString(3), row.GetString(4), row.TextOrNull(5), row.GetString(6), row.TextOrNull(7), row.TextOrNull(8)),
        row.GetString(9));

    // Whoever can change the file can write what is no time at all: that is for the row's hash to tell, not a reason to read nothing.
    private static DateTimeOffset At(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        row.GetInt64(1) is var ticks && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks ? new(ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;
}
