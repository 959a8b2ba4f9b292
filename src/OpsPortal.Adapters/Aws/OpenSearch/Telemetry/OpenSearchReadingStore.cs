using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Access;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch.Telemetry;

/// <summary>Recent readings: one document per train and window, or part of a window that arrived apart.</summary>
internal sealed class OpenSearchReadingStore(Documents documents, RefusedDocuments refused, TimeProvider time) : IReadingStore
{
    private const int Page = 5_000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public async Task KeepAsync(IReadOnlyList<ReadingWindow> windows, CancellationToken cancellationToken)
    {
        if (windows.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        // Of two under one id the later holds, also when one of them had to be sent again.
        var items = windows.Select(window => ItemOf(window, now)).Reverse().DistinctBy(item => (item.Index, item.Id)).Reverse().ToList();
        await refused.SetAsideAsync(items, await documents.KeepAsync(IndexFamily.Readings, items, cancellationToken), cancellationToken);
    }

    public async Task<IReadOnlyList<ReadingPoint>> FindAsync(Scope scope, string trainId, string sensor, DateTimeOffset from, DateTimeOffset to, TimeSpan resolution, CancellationToken cancellationToken)
    {
        if (resolution < Window || resolution.Ticks % Window.Ticks != 0)
        {
            throw new ArgumentException($"A resolution is a multiple of 10 s, not {resolution}.", nameof(resolution));
        }

        var search = new Search(IndexFamily.Readings, scope)
            .Where(Query.Term(Field.Train, trainId))
            .Where(Query.Between(Field.StartTicks, from.UtcTicks, to.UtcTicks))
            .By(Field.StartTicks).By("sequence")
            .Take(Page)
            .Only(Field.StartTicks, "late", $"sensors.{ReadingDocument.KeyOf(sensor)}");
        var points = new PointMerge(from.UtcTicks, resolution.Ticks);
        foreach (var hit in await documents.FindAllAsync(search, OpenSearchJson.Default.SearchAnswerReadingDocument, cancellationToken))
        {
            if (hit.Document!.Find(sensor) is { Count: > 0 } figures)
            {
                points.Add(hit.Document.StartTicks, figures, hit.Document.Late);
            }
        }

        return points.ToList();
    }

    private BulkItem ItemOf(ReadingWindow window, DateTimeOffset now) => new(
        false,
        documents.Names.ReadingsOf(window.Start, window.LastReceivedAt),
        IndexNames.Id(FormattableString.Invariant($"{window.Train.Id}|{window.Start.UtcTicks}|{window.FirstSequence}")),
        ReadingDocument.Of(window, now),
        OpenSearchJson.Default.ReadingDocument);
}
