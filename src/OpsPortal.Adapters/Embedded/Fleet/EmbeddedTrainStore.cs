using System.Text.Json;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Embedded.Fleet;

/// <summary>Latest state of each train.</summary>
internal sealed class EmbeddedTrainStore(EmbeddedFiles files) : ITrainStore
{
    private readonly SqliteFile _file = files.Operations;

    public async Task KeepAsync(IReadOnlyList<TrainState> states, CancellationToken cancellationToken)
    {
        if (states.Count > 0)
        {
            var bodies = states.Select(state => JsonSerializer.Serialize(state, EmbeddedJson.Default.TrainState)).ToList();
            await _file.WriteAsync(session => Keep(session, states, bodies), cancellationToken);
        }
    }

    public async Task<TrainState?> GetAsync(Scope scope, string trainId, CancellationToken cancellationToken) =>
        (await ReadAsync(new SqlQuery("SELECT body FROM train_states").And("train = $train", ("$train", trainId)).Inside(scope), cancellationToken)).FirstOrDefault();

    public async Task<IReadOnlyList<TrainState>> FindAsync(Scope scope, string? after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            new SqlQuery("SELECT body FROM train_states").AndIf("train > $after", ("$after", after)).Inside(scope).Then("ORDER BY train LIMIT $limit", ("$limit", limit)),
            cancellationToken);

    private Task<List<TrainState>> ReadAsync(SqlQuery query, CancellationToken cancellationToken) =>
        _file.ReadAsync(session => query.Read(session, static row => row.Document(0, EmbeddedJson.Default.TrainState)), cancellationToken);

    private static void Keep(SqliteSession session, IReadOnlyList<TrainState> states, List<string> bodies)
    {
        var changes = ChangeNumbers.Take(session, states.Count);
        for (var i = 0; i < states.Count; i++)
        {
            var state = states[i];
            // The same offset again is a repetition: it counts as a change only when it says something else.
            session.Run(
                """
                INSERT INTO train_states VALUES ($train, $depot, $line, $class, $offset, $change, $body)
                ON CONFLICT (train) DO UPDATE SET depot = excluded.depot, line = excluded.line, class = excluded.class,
                    source_offset = excluded.source_offset, change = excluded.change, body = excluded.body
                WHERE excluded.source_offset > source_offset OR (excluded.source_offset = source_offset AND excluded.body <> body)
                """,
                ("$train", state.Train.Identity.Id),
                ("$depot", state.Train.Identity.Depot),
                ("$line", state.Train.Identity.Line),
                ("$class", state.Train.Identity.Class),
                ("$offset", state.SourceOffset),
                ("$change", changes + i),
                ("$body", bodies[i]));
            AlertsFollow(session, state.Train.Identity.Id);
        }
    }

    // A train that was moved to another depot takes its alerts along: who works it now must see them, who does not must not.
    private static void AlertsFollow(SqliteSession session, string train)
    {
        var left = session.Read(
            """
            SELECT alerts.id FROM alerts JOIN train_states ON train_states.train = alerts.train
            WHERE alerts.train = $train AND (alerts.depot <> train_states.depot OR alerts.line <> train_states.line OR alerts.class <> train_states.class)
            """,
            static row => row.GetString(0),
            ("$train", train));
        foreach (var id in left)
        {
            session.Run(
                """
                UPDATE alerts SET depot = now.depot, line = now.line, class = now.class, revision = revision + 1, change = $change,
                    body = json_set(alerts.body, '$.train.depot', now.depot, '$.train.line', now.line, '$.train.class', now.class, '$.revision', revision + 1)
                FROM (SELECT depot, line, class FROM train_states WHERE train = $train) AS now WHERE id = $id
                """,
                ("$change", ChangeNumbers.Take(session, 1)),
                ("$train", train),
                ("$id", id));
        }
    }
}
