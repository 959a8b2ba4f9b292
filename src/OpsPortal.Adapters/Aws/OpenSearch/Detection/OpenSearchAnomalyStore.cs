using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;

namespace OpsPortal.Adapters.Aws.OpenSearch.Detection;

/// <summary>Anomalies: the first that comes under an id stays, with the time it was kept.</summary>
internal sealed class OpenSearchAnomalyStore(Documents documents, RefusedDocuments refused, TimeProvider time) : IAnomalyStore
{
    public async Task AppendAsync(IReadOnlyList<Anomaly> anomalies, CancellationToken cancellationToken)
    {
        if (anomalies.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var items = anomalies.Select(anomaly => new BulkItem(
            true,
            documents.Names.AnomaliesOf(anomaly.MeasuredAt, anomaly.ReceivedAt),
            IndexNames.Id(anomaly.Id),
            AnomalyDocument.Of(anomaly with { KeptAt = now }),
            OpenSearchJson.Default.AnomalyDocument)).ToList();
        // A conflict is as good as kept: it was found before.
        await refused.SetAsideAsync(items, await documents.KeepAsync(IndexFamily.Anomalies, items, cancellationToken), cancellationToken);
    }

    public async Task<IReadOnlyList<Anomaly>> FindAsync(Scope scope, AnomalyQuery query, CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Anomalies, scope)
            .WhereIf(query.TrainId, train => Query.Term(Field.Train, train))
            .WhereIf(query.Subsystem, subsystem => Query.Term(Field.Subsystem, subsystem))
            .Where(Query.Between(Field.MeasuredTicks, query.From?.UtcTicks, query.To?.UtcTicks))
            .By(Field.MeasuredTicks, descending: true).By(Field.Id)
            .After(query.After is { } after ? new JsonArray(after.MeasuredAt.UtcTicks, after.Id) : null)
            .Take(query.Limit)
            .Only(Field.Body);
        var page = await documents.FindAsync(search, OpenSearchJson.Default.SearchAnswerAnomalyDocument, cancellationToken);
        return [.. page.Hits!.Hits.Select(hit => hit.Document!.Body)];
    }
}

/// <summary>An anomaly as kept.</summary>
internal sealed record AnomalyDocument(
    string Id,
    string Train,
    string Depot,
    string Line,
    string Class,
    string Subsystem,
    DateTimeOffset MeasuredAt,
    long MeasuredTicks,
    double? Grade,
    double? Score,
    DateTimeOffset KeptAt,
    Anomaly Body)
{
    public static AnomalyDocument Of(Anomaly anomaly) => new(
        anomaly.Id,
        anomaly.Train.Id,
        anomaly.Train.Depot,
        anomaly.Train.Line,
        anomaly.Train.Class,
        anomaly.Subsystem,
        anomaly.MeasuredAt,
        anomaly.MeasuredAt.UtcTicks,
        Finite(anomaly.Grade),
        Finite(anomaly.Score),
        anomaly.KeptAt!.Value,
        anomaly);

    // A float of OpenSearch is finite, and no wider than a float.
    private static double? Finite(double value) => float.IsFinite((float)value) ? value : null;
}
