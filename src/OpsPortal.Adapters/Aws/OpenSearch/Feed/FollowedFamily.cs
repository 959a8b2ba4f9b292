using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>One kind of document as the follower reads it: page by page through what it has not seen.</summary>
internal sealed class FollowedFamily<T>(IndexFamily family, int pageSize, JsonTypeInfo<SearchAnswer<T>> type)
{
    private JsonArray? _after;

    public IndexFamily Kind => family;

    /// <summary>Reads the next page. Nothing counts as seen before it is taken.</summary>
    public async Task<FollowedPage<T>> ReadAsync(Documents documents, IReadOnlyDictionary<string, FollowedIndex> indices, CancellationToken cancellationToken)
    {
        var search = new Search(family, Scope.WholeFleet)
            .Where(Unseen(documents.Names, indices))
            .By(Field.ShardNumber)
            .After(_after)
            .Take(pageSize)
            .Only(Field.Body, Field.KeptAt)
            .WithNumbers();
        var answer = await documents.LookAsync(search, type, cancellationToken);
        return new FollowedPage<T>(answer.Hits!.Hits, answer.Hits.Total?.Value ?? 0, answer.Hits.Hits.Count == pageSize);
    }

    /// <summary>The next page goes on behind this one, or begins anew when this was the last.</summary>
    public void Follow(FollowedPage<T> page) => _after = page.IsFull ? page.Hits[^1].Place() : null;

    /// <summary>The next page begins anew.</summary>
    public void Restart() => _after = null;

    private JsonObject Unseen(IndexNames names, IReadOnlyDictionary<string, FollowedIndex> indices)
    {
        var start = names.PatternOf(family).TrimEnd('*');
        var known = indices.Where(index => index.Key.StartsWith(start, StringComparison.Ordinal)).ToList();
        var parts = known.Select(index => (JsonNode)Query.All([Query.Term(Field.Index, index.Key), UnseenQuery.Of(index.Value.Seen)])).ToList();
        // An index that was made since is new from its first document on.
        parts.Add(Query.Not(Query.OneOf(Field.Index, known.Select(index => index.Key))));
        return Query.Any(parts);
    }
}

/// <summary>One page of one kind.</summary>
/// <param name="Total">Documents that there were to read, this page's among them (OpenSearch counts up to 10,000).</param>
internal sealed record FollowedPage<T>(IReadOnlyList<Hit<T>> Hits, long Total, bool IsFull);
