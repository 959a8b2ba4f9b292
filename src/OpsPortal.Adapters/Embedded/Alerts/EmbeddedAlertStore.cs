using System.Text.Json;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;

namespace OpsPortal.Adapters.Embedded.Alerts;

/// <summary>Alerts as documents, with columns beside them for what is searched by.</summary>
internal sealed class EmbeddedAlertStore(EmbeddedFiles files) : IAlertStore
{
    private readonly SqliteFile _file = files.Operations;

    public async Task<Alert?> GetAsync(Scope scope, string id, CancellationToken cancellationToken) =>
        (await ReadAsync(new SqlQuery("SELECT body FROM alerts").And("id = $id", ("$id", id)).Inside(scope), cancellationToken)).FirstOrDefault();

    public Task<Alert> PutAsync(Alert alert, long expectedRevision, CancellationToken cancellationToken)
    {
        var kept = alert with { Revision = expectedRevision + 1 };
        return _file.WriteAsync(session => Put(session, kept, expectedRevision), cancellationToken);
    }

    public async Task<IReadOnlyList<Alert>> FindAsync(Scope scope, AlertQuery query, CancellationToken cancellationToken)
    {
        var select = new SqlQuery("SELECT body FROM alerts")
            .AndOneOf("state", "$states", query.States?.Select(state => (int)state))
            .AndOneOf("severity", "$severities", query.Severities?.Select(severity => (int)severity))
            .AndIf("train = $train", ("$train", query.TrainId))
            .AndIf("line = $line", ("$line", query.Line))
            .AndIf("class = $class", ("$class", query.Class))
            .AndIf("raised_at >= $from", SqlValue.Time("$from", query.From))
            .AndIf("raised_at < $to", SqlValue.Time("$to", query.To))
            .Inside(scope);
        if (query.After is { } after)
        {
            select.And("raised_at <= $afterAt AND (raised_at < $afterAt OR id > $afterId)", SqlValue.Time("$afterAt", after.RaisedAt), ("$afterId", after.Id));
        }

        return await ReadAsync(select.Then("ORDER BY raised_at DESC, id LIMIT $limit", ("$limit", query.Limit)), cancellationToken);
    }

    public async Task<IReadOnlyList<Alert>> FindUndeliveredAsync(string? trainId, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            new SqlQuery("SELECT body FROM alerts").And("undelivered_since IS NOT NULL").AndIf("train = $train", ("$train", trainId)).Then("ORDER BY undelivered_since, id LIMIT $limit", ("$limit", limit)),
            cancellationToken);

    private Task<List<Alert>> ReadAsync(SqlQuery query, CancellationToken cancellationToken) =>
        _file.ReadAsync(session => query.Read(session, static row => row.Document(0, EmbeddedJson.Default.Alert)), cancellationToken);

    private static Alert Put(SqliteSession session, Alert kept, long expectedRevision)
    {
        var sql = expectedRevision == 0
            ? """
              INSERT INTO alerts VALUES ($id, $train, $depot, $line, $class, $state, $severity, $raisedAt, $undelivered, $revision, $change, $body)
              ON CONFLICT DO NOTHING
              """
            : """
              UPDATE alerts SET train = $train, depot = $depot, line = $line, class = $class, state = $state, severity = $severity,
                  raised_at = $raisedAt, undelivered_since = $undelivered, revision = $revision, change = $change, body = $body
              WHERE id = $id AND revision = $revision - 1
              """;
        var changed = session.Run(
            sql,
            ("$id", kept.Id),
            ("$train", kept.Train.Id),
            ("$depot", kept.Train.Depot),
            ("$line", kept.Train.Line),
            ("$class", kept.Train.Class),
            ("$state", (int)kept.State),
            ("$severity", (int)kept.Episode.Severity),
            SqlValue.Time("$raisedAt", kept.Episode.RaisedAt),
            SqlValue.Time("$undelivered", UndeliveredSince(kept)),
            ("$revision", kept.Revision),
            ("$change", ChangeNumbers.Take(session, 1)),
            ("$body", JsonSerializer.Serialize(kept, EmbeddedJson.Default.Alert)));
        return changed == 1 ? kept : throw new AlertConflictException(Present(session, kept.Id));
    }

    private static Alert? Present(SqliteSession session, string id) =>
        session.First("SELECT body FROM alerts WHERE id = $id", static row => row.Document(0, EmbeddedJson.Default.Alert), ("$id", id));

    private static DateTimeOffset? UndeliveredSince(Alert alert) => alert switch
    {
        { Delivery.ReportedAt: not null } => null,
        { Delivery: { } delivery } => delivery.ClickedAt,
        _ => alert.Acknowledgement?.At,
    };
}
