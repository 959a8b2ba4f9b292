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
        }
    }
}
