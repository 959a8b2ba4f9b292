using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Aws.OpenSearch.Fleet;

/// <summary>Trains as registered.</summary>
internal sealed class OpenSearchTrainRegistry(Documents documents, RefusedDocuments refused, TimeProvider time) : ITrainRegistry
{
    private const int Page = 2_000;

    public async Task RegisterAsync(IReadOnlyList<Train> trains, CancellationToken cancellationToken)
    {
        if (trains.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var items = trains.Reverse().DistinctBy(train => train.Identity.Id, StringComparer.Ordinal).Select(train => new BulkItem(
            false, documents.Names.Registry, IndexNames.Id(train.Identity.Id), new RegistryDocument(train.Identity.Id, now, train), OpenSearchJson.Default.RegistryDocument)).ToList();
        await refused.SetAsideAsync(items, await documents.KeepAsync(IndexFamily.Registry, items, cancellationToken), cancellationToken);
    }

    public async Task<IReadOnlyList<Train>> FindAllAsync(CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Registry, Scope.WholeFleet).By(Field.Train).Take(Page).Only(Field.Body);
        var hits = await documents.FindAllAsync(search, OpenSearchJson.Default.SearchAnswerRegistryDocument, cancellationToken);
        return [.. hits.Select(hit => hit.Document!.Body)];
    }
}
