using System.Text.Json;
using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Aws.OpenSearch.Fleet;

/// <summary>Latest state of each train. The source offset is the document's version: OpenSearch itself refuses to go back.</summary>
internal sealed class OpenSearchTrainStore(Documents documents, RefusedDocuments refused, MovedTrains moved, TimeProvider time) : ITrainStore
{
    private const int Piece = 500;

    public async Task KeepAsync(IReadOnlyList<TrainState> states, CancellationToken cancellationToken)
    {
        if (states.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var items = states.Select(state => ItemOf(state, now)).ToList();
        var results = await documents.KeepAsync(IndexFamily.Trains, items, cancellationToken);
        await refused.SetAsideAsync(items, results, cancellationToken);
        var notKept = states.Where((_, i) => results[i].Fate == BulkFate.Conflict).ToList();
        await KeepWhatSaysSomethingElseAsync(notKept, now, cancellationToken);
        await moved.TakeAlertsAlongAsync([.. states.Select(state => state.Train.Identity).Reverse().DistinctBy(train => train.Id, StringComparer.Ordinal)], cancellationToken);
    }

    public async Task<TrainState?> GetAsync(Scope scope, string trainId, CancellationToken cancellationToken)
    {
        var kept = await documents.GetAsync(documents.Names.Trains, IndexNames.Id(trainId), OpenSearchJson.Default.ManyAnswerTrainDocument, cancellationToken);
        // By id the server filters nothing: the scope is held against the document here.
        return kept?.Document is { } document && scope.Includes(document.Body.Train.Identity) ? document.Body : null;
    }

    public async Task<IReadOnlyList<TrainState>> FindAsync(Scope scope, string? after, int limit, CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Trains, scope).By(Field.Train).After(after is null ? null : new JsonArray(after)).Take(limit).Only(Field.Body);
        var page = await documents.FindAsync(search, OpenSearchJson.Default.SearchAnswerTrainDocument, cancellationToken);
        return [.. page.Hits!.Hits.Select(hit => hit.Document!.Body)];
    }

    private BulkItem ItemOf(TrainState state, DateTimeOffset now) =>
        new(false, documents.Names.Trains, IndexNames.Id(state.Train.Identity.Id), TrainDocument.Of(state, now), OpenSearchJson.Default.TrainDocument) { Version = state.SourceOffset };

    // The same offset again is a repetition: it is kept once more only when it says something else (the train was renamed, say).
    private async Task KeepWhatSaysSomethingElseAsync(IReadOnlyList<TrainState> states, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var piece in states.Chunk(Piece))
        {
            var present = await documents.GetManyAsync([.. piece.Select(state => (documents.Names.Trains, IndexNames.Id(state.Train.Identity.Id)))], OpenSearchJson.Default.ManyAnswerTrainDocument, cancellationToken);
            var items = piece.Where((state, i) => present[i]?.Document is { } document && document.Offset == state.SourceOffset && Text(document.Body) != Text(state))
                .Select(state => ItemOf(state, now) with { SameVersionToo = true }).ToList();
            if (items.Count > 0)
            {
                await documents.KeepAsync(IndexFamily.Trains, items, cancellationToken);
            }
        }
    }

    private static string Text(TrainState state) => JsonSerializer.Serialize(state, OpenSearchJson.Default.TrainState);
}
