using System.Runtime.CompilerServices;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;

namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>
/// Follows train states, anomalies and alerts by the sequence numbers that their shards give: the order of arrival as the server itself
/// knows it. No clock takes part, neither a writer's nor the server's; see the README.
/// </summary>
internal sealed class OpenSearchStoreChanges(FollowerTools tools) : IStoreChanges
{
    private const int LookBack = 1_000;

    // "Nothing newer up to here" at least this often.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);

    public async Task<StoreCursor> GetCursorAsync(CancellationToken cancellationToken)
    {
        var asOf = tools.Time.GetUtcNow();
        var indices = new Dictionary<string, FollowedIndex>(StringComparer.Ordinal);
        foreach (var family in IndexFamily.Followed)
        {
            // What is passed over here must be in the snapshot that is read next: so it is made visible first.
            await tools.Documents.ReadyAsync(cancellationToken);
            await tools.Documents.RefreshAsync(family, cancellationToken);
            foreach (var row in await tools.Catalogue.FindAsync(family, cancellationToken))
            {
                indices[row.Name] = await SeenNowAsync(family, row, cancellationToken);
            }
        }

        return FollowerCursor.Write(asOf, indices);
    }

    public async IAsyncEnumerable<StoreChanges> FollowAsync(StoreCursor since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var following = new Following(FollowerCursor.Read(since), tools);
        long? told = null;
        long? looked = null;
        while (true)
        {
            if (looked is not { } last || tools.Time.GetElapsedTime(last) >= CheckEvery)
            {
                await tools.Documents.ReadyAsync(cancellationToken);
                await following.CheckAsync(cancellationToken);
                looked = tools.Time.GetTimestamp();
            }

            var started = tools.Time.GetTimestamp();
            var page = await following.ReadAsync(cancellationToken);
            if (page is not { Trains.Count: 0, Anomalies.Count: 0, Alerts.Count: 0 } || told is not { } beat || tools.Time.GetElapsedTime(beat) >= Heartbeat)
            {
                told = tools.Time.GetTimestamp();
                yield return page;
            }

            if (!following.IsBehind)
            {
                await WaitAsync(tools.Options.PollInterval - tools.Time.GetElapsedTime(started), cancellationToken);
            }
        }
    }

    private Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        time > TimeSpan.Zero ? Task.Delay(time, tools.Time, cancellationToken) : Task.CompletedTask;

    // The newest one by one: what is missing among them may be on its way still.
    private async Task<FollowedIndex> SeenNowAsync(IndexFamily family, IndexRow index, CancellationToken cancellationToken)
    {
        var search = new Search(family, Scope.WholeFleet).Where(Query.Term(Field.Index, index.Name)).By(Field.ShardNumber, descending: true).Take(LookBack).Only().WithNumbers();
        var newest = await tools.Documents.LookAsync(search, OpenSearchJson.Default.SearchAnswerNoDocument, cancellationToken);
        var numbers = newest.Hits!.Hits.Select(hit => hit.Number ?? -1).Where(number => number >= 0).Reverse().ToList();
        var seen = new SeenNumbers(tools.Options.SeenIds);
        var now = tools.Time.GetTimestamp();
        seen.Restore(numbers.Count > 0 ? numbers[0] - 1 : -1, []);
        numbers.ForEach(number => seen.Take(number, now));
        return new FollowedIndex(index.Uuid, newest.Hits.Hits.Max(hit => hit.Term), seen);
    }
}
