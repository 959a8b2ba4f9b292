using System.Collections.Concurrent;
using OpsPortal.Adapters.Aws.OpenSearch.Alerts;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Aws.OpenSearch.Fleet;

/// <summary>
/// A train that was moved to another depot takes its alerts along: who works it now must see them, who does not must not. Looked for when
/// a train is seen as another than before, and for every train once after the start, as the move may have been cut off half-way.
/// </summary>
internal sealed class MovedTrains(Documents documents, OpenSearchAlertStore alerts)
{
    private const int Piece = 1_000;
    private const int Page = 1_000;

    // As many as there are trains.
    private readonly ConcurrentDictionary<string, TrainIdentity> _known = new(StringComparer.Ordinal);

    public async Task TakeAlertsAlongAsync(IReadOnlyList<TrainIdentity> trains, CancellationToken cancellationToken)
    {
        var news = trains.Where(train => !_known.TryGetValue(train.Id, out var known) || known != train).ToList();
        foreach (var group in news.GroupBy(train => train with { Id = "" }))
        {
            foreach (var piece in group.Chunk(Piece))
            {
                await TakeAlongAsync(group.Key, piece, cancellationToken);
            }
        }
    }

    private async Task TakeAlongAsync(TrainIdentity place, IReadOnlyList<TrainIdentity> trains, CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Alerts, Scope.WholeFleet)
            .Where(Query.OneOf(Field.Train, trains.Select(train => train.Id)))
            .Where(Query.Not(Query.All([Query.Term(Field.Depot, place.Depot), Query.Term(Field.Line, place.Line), Query.Term(Field.Class, place.Class)])))
            .By(Field.Id)
            .Take(Page)
            .Only(Field.Body);
        foreach (var hit in await documents.FindAllAsync(search, OpenSearchJson.Default.SearchAnswerAlertDocument, cancellationToken))
        {
            await alerts.MoveAsync(hit.Document!.Body.Id, place with { Id = hit.Document.Body.Train.Id }, cancellationToken);
        }

        foreach (var train in trains)
        {
            _known[train.Id] = train;
        }
    }
}
