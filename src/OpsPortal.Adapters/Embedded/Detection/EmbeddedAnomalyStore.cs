using System.Text.Json;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;

namespace OpsPortal.Adapters.Embedded.Detection;

/// <summary>Anomalies: the first that comes under an id stays, with the time it was kept.</summary>
internal sealed class EmbeddedAnomalyStore(EmbeddedFiles files, TimeProvider time) : IAnomalyStore
{
    private readonly SqliteFile _file = files.Operations;

    public async Task AppendAsync(IReadOnlyList<Anomaly> anomalies, CancellationToken cancellationToken)
    {
        if (anomalies.Count > 0)
        {
            await _file.WriteAsync(session => Append(session, anomalies), cancellationToken);
        }
    }

    public async Task<IReadOnlyList<Anomaly>> FindAsync(Scope scope, AnomalyQuery query, CancellationToken cancellationToken)
    {
        var select = new SqlQuery("SELECT body FROM anomalies")
            .AndIf("measured_at >= $from", SqlValue.Time("$from", query.From))
            .AndIf("measured_at < $to", SqlValue.Time("$to", query.To))
            .AndIf("train = $train", ("$train", query.TrainId))
            .AndIf("subsystem = $subsystem", ("$subsystem", query.Subsystem))
            .Inside(scope);
        if (query.After is { } after)
        {
            select.And("measured_at <= $afterAt AND (measured_at < $afterAt OR id > $afterId)", SqlValue.Time("$afterAt", after.MeasuredAt), ("$afterId", after.Id));
        }

        select.Then("ORDER BY measured_at DESC, id LIMIT $limit", ("$limit", query.Limit));
        return await _file.ReadAsync(session => select.Read(session, static row => row.Document(0, EmbeddedJson.Default.Anomaly)), cancellationToken);
    }

    private void Append(SqliteSession session, IReadOnlyList<Anomaly> anomalies)
    {
        var changes = ChangeNumbers.Take(session, anomalies.Count);
        var keptAt = time.GetUtcNow();
        for (var i = 0; i < anomalies.Count; i++)
        {
            var anomaly = anomalies[i] with { KeptAt = keptAt };
            session.Run(
                "INSERT INTO anomalies VALUES ($id, $train, $depot, $line, $class, $subsystem, $at, $change, $body) ON CONFLICT DO NOTHING",
                ("$id", anomaly.Id),
                ("$train", anomaly.Train.Id),
                ("$depot", anomaly.Train.Depot),
                ("$line", anomaly.Train.Line),
                ("$class", anomaly.Train.Class),
                ("$subsystem", anomaly.Subsystem),
                SqlValue.Time("$at", anomaly.MeasuredAt),
                ("$change", changes + i),
                ("$body", JsonSerializer.Serialize(anomaly, EmbeddedJson.Default.Anomaly)));
        }
    }
}
