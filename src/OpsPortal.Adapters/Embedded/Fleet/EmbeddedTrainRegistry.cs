using System.Text.Json;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Embedded.Fleet;

/// <summary>Trains as registered.</summary>
internal sealed class EmbeddedTrainRegistry(EmbeddedFiles files) : ITrainRegistry
{
    private readonly SqliteFile _file = files.Operations;

    public async Task RegisterAsync(IReadOnlyList<Train> trains, CancellationToken cancellationToken)
    {
        if (trains.Count > 0)
        {
            await _file.WriteAsync(session => Register(session, trains), cancellationToken);
        }
    }

    public Task<IReadOnlyList<Train>> FindAllAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<Train>>(
            static session => session.Read("SELECT body FROM trains ORDER BY train", static row => row.Document(0, EmbeddedJson.Default.Train)),
            cancellationToken);

    private static void Register(SqliteSession session, IReadOnlyList<Train> trains)
    {
        foreach (var train in trains)
        {
            session.Run(
                "INSERT OR REPLACE INTO trains VALUES ($train, $depot, $line, $class, $body)",
                ("$train", train.Identity.Id),
                ("$depot", train.Identity.Depot),
                ("$line", train.Identity.Line),
                ("$class", train.Identity.Class),
                ("$body", JsonSerializer.Serialize(train, EmbeddedJson.Default.Train)));
        }
    }
}
