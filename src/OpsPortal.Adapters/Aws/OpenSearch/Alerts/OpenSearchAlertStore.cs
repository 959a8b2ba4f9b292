using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch.Alerts;

/// <summary>Alerts, changed only in place of the very document that was read.</summary>
internal sealed class OpenSearchAlertStore(Documents documents, RefusedDocuments refused, TimeProvider time) : IAlertStore
{
    private const int MostTries = 10;

    public async Task<Alert?> GetAsync(Scope scope, string id, CancellationToken cancellationToken) =>
        // By id the server filters nothing: the scope is held against the document here.
        await PresentAsync(id, cancellationToken) is { Document.Body: { } alert } && scope.Includes(alert.Train) ? alert : null;

    public async Task<Alert> PutAsync(Alert alert, long expectedRevision, CancellationToken cancellationToken)
    {
        var kept = alert with { Revision = expectedRevision + 1 };
        var item = ItemOf(kept);
        if (expectedRevision > 0)
        {
            var present = await PresentAsync(alert.Id, cancellationToken);
            if (present?.Document is not { } document || document.Revision != expectedRevision)
            {
                throw new AlertConflictException(present?.Document?.Body);
            }

            item = item with { Creates = false, InPlaceOf = (present.Number, present.Term) };
        }

        await PutAsync(item, cancellationToken);
        return kept;
    }

    /// <summary>Gives the alert its train's new depot, line and class: a new revision.</summary>
    internal async Task MoveAsync(string id, TrainIdentity train, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var alert = await GetAsync(Scope.WholeFleet, id, cancellationToken);
            if (alert is null || alert.Train == train)
            {
                return;
            }

            try
            {
                await PutAsync(alert with { Train = train }, alert.Revision, cancellationToken);
                return;
            }
            catch (AlertConflictException) when (attempt < MostTries)
            {
                // Somebody worked it in between: what they did goes along.
            }
        }
    }

    public Task<IReadOnlyList<Alert>> FindAsync(Scope scope, AlertQuery query, CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Alerts, scope)
            .WhereIf(query.States, states => Query.OneOf(Field.State, states.Select(state => state.ToString())))
            .WhereIf(query.Severities, severities => Query.OneOf(Field.Severity, severities.Select(severity => (JsonNode)JsonValue.Create((int)severity))))
            .WhereIf(query.TrainId, train => Query.Term(Field.Train, train))
            .WhereIf(query.Line, line => Query.Term(Field.Line, line))
            .WhereIf(query.Class, name => Query.Term(Field.Class, name))
            .Where(Query.Between(Field.RaisedTicks, query.From?.UtcTicks, query.To?.UtcTicks))
            .By(Field.RaisedTicks, descending: true).By(Field.Id)
            .After(query.After is { } after ? new JsonArray(after.RaisedAt.UtcTicks, after.Id) : null)
            .Take(query.Limit);
        return FindAsync(search, cancellationToken);
    }

    public Task<IReadOnlyList<Alert>> FindUndeliveredAsync(string? trainId, int limit, CancellationToken cancellationToken) =>
        FindAsync(new Search(IndexFamily.Alerts, Scope.WholeFleet).Where(Query.Exists(Field.UndeliveredTicks)).WhereIf(trainId, train => Query.Term(Field.Train, train)).By(Field.UndeliveredTicks).By(Field.Id).Take(limit), cancellationToken);

    private async Task<IReadOnlyList<Alert>> FindAsync(Search search, CancellationToken cancellationToken)
    {
        var page = await documents.FindAsync(search.Only(Field.Body), OpenSearchJson.Default.SearchAnswerAlertDocument, cancellationToken);
        return [.. page.Hits!.Hits.Select(hit => hit.Document!.Body)];
    }

    private async Task PutAsync(BulkItem item, CancellationToken cancellationToken)
    {
        var result = (await documents.KeepAsync(IndexFamily.Alerts, [item], cancellationToken))[0];
        if (result.Fate == BulkFate.Refused)
        {
            await refused.SetAsideAsync([item], [result], cancellationToken);
            throw new StoreUnavailableException(OpenSearchClient.Store, $"it refuses alert {item.Id}: {result.Error}. It is kept among the dead letters; look at the mapping of {item.Index}");
        }

        if (result.Fate == BulkFate.Conflict)
        {
            // A request that was repeated because its answer was lost meets what itself has written: then it is done.
            var present = (await PresentAsync(((AlertDocument)item.Document).Id, cancellationToken))?.Document;
            if (present?.Write != ((AlertDocument)item.Document).Write)
            {
                throw new AlertConflictException(present?.Body);
            }
        }
    }

    private BulkItem ItemOf(Alert alert) => new(
        true, documents.Names.Alerts, IndexNames.Id(alert.Id), AlertDocument.Of(alert, Guid.NewGuid().ToString("N"), time.GetUtcNow()), OpenSearchJson.Default.AlertDocument);

    private Task<Kept<AlertDocument>?> PresentAsync(string id, CancellationToken cancellationToken) =>
        documents.GetAsync(documents.Names.Alerts, IndexNames.Id(id), OpenSearchJson.Default.ManyAnswerAlertDocument, cancellationToken);
}
