using System.Globalization;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch.Telemetry;

/// <summary>Messages, and documents, set aside: one per place in the source.</summary>
internal sealed class OpenSearchDeadLetters(Documents documents) : IDeadLetters
{
    // Reasons are of a fixed list, much shorter than this.
    private const int MostReasons = 1_000;

    public async Task AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        if (letters.Count == 0)
        {
            return;
        }

        var items = letters.Select(letter => new BulkItem(
            true,
            documents.Names.DeadLettersOf(letter.ReceivedAt),
            letter.Offset.ToString(CultureInfo.InvariantCulture),
            DeadLetterDocument.Of(letter),
            OpenSearchJson.Default.DeadLetterDocument)).ToList();
        var results = await documents.KeepAsync(IndexFamily.DeadLetters, items, cancellationToken);
        if (results.FirstOrDefault(result => result.Fate == BulkFate.Refused) is { Fate: BulkFate.Refused } refused)
        {
            // There is no place behind this one.
            throw new StoreUnavailableException(OpenSearchClient.Store, $"it refuses a dead letter: {refused.Error}. Look at the mapping of {items[0].Index}");
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> FindAsync(int limit, CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.DeadLetters, Scope.WholeFleet).By(Field.ReceivedTicks, descending: true).By(Field.Offset, descending: true).Take(limit);
        var page = await documents.FindAsync(search, OpenSearchJson.Default.SearchAnswerDeadLetterDocument, cancellationToken);
        return [.. page.Hits!.Hits.Select(hit => hit.Document!.ToLetter())];
    }

    public async Task<IReadOnlyDictionary<string, long>> CountByReasonAsync(CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.DeadLetters, Scope.WholeFleet).CountBy(Field.Reason, MostReasons);
        var answer = await documents.FindAsync(search, OpenSearchJson.Default.SearchAnswerDeadLetterDocument, cancellationToken);
        return answer.Sums?.Counts?.Buckets.ToDictionary(bucket => bucket.Key, bucket => bucket.Count, StringComparer.Ordinal) ?? [];
    }
}

/// <summary>A dead letter as kept.</summary>
internal sealed record DeadLetterDocument(long Offset, DateTimeOffset ReceivedAt, long ReceivedTicks, string Reason, string Detail, byte[] Body)
{
    public static DeadLetterDocument Of(DeadLetter letter) =>
        new(letter.Offset, letter.ReceivedAt, letter.ReceivedAt.UtcTicks, letter.Reason, letter.Detail, letter.Body.ToArray());

    public DeadLetter ToLetter() => new(Offset, ReceivedAt, Reason, Detail, Body);
}
