using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>
/// A server that is killed may lose the last documents it has shown, and gives their numbers to others when it is back. That it was away
/// shows in the primary term, which grows whenever a shard is taken up: then what was seen counts only as far as it is still there.
/// </summary>
internal sealed class PrimaryTerms(FollowerTools tools)
{
    // A page of a search. So many numbers are never lost: they would have to have come between two writes to the disk.
    private const int LookBack = 10_000;

    /// <summary>The index as it is followed on in this term.</summary>
    /// <exception cref="InvalidOperationException">It cannot be told what was lost.</exception>
    public async Task<FollowedIndex> TakeUpAsync(IndexFamily family, string name, FollowedIndex followed, long term, CancellationToken cancellationToken)
    {
        if (followed.Term is { } known && known < term)
        {
            followed.Seen.SetBack(await LastBeforeAsync(family, name, followed.Seen.Frontier, term, cancellationToken));
        }

        return followed with { Term = Math.Max(followed.Term ?? term, term) };
    }

    // The highest number seen that an older term has given and that is still carried; above it all is new.
    private async Task<long> LastBeforeAsync(IndexFamily family, string name, long frontier, long term, CancellationToken cancellationToken)
    {
        var search = new Search(family, Scope.WholeFleet)
            .Where(Query.Term(Field.Index, name)).Where(Query.Between(Field.ShardNumber, null, frontier + 1))
            .By(Field.ShardNumber, descending: true).Take(LookBack).Only().WithNumbers();
        var newest = (await tools.Documents.LookAsync(search, OpenSearchJson.Default.SearchAnswerNoDocument, cancellationToken)).Hits!.Hits;
        return newest.FirstOrDefault(hit => hit.Term < term)?.Number
            ?? (newest.Count < LookBack ? -1 : throw new InvalidOperationException($"Index {name} was taken up anew, and how much of it was lost cannot be told. Read a snapshot anew."));
    }
}
