using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>Which indices there are.</summary>
internal sealed class Catalogue(OpenSearchClient client, IndexNames names)
{
    private static readonly Dictionary<string, long> Nothing = [];

    private volatile bool _keepsStateToItself;

    /// <summary>All indices of the product, by name.</summary>
    public async Task<IReadOnlyList<IndexRow>> FindAsync(IndexFamily family, CancellationToken cancellationToken)
    {
        var rows = await client.SendAsync(HttpMethod.Get, $"_cat/indices/{PatternOf(family)}?format=json&bytes=b&h=index,uuid,status,health,pri,store.size", null, OpenSearchJson.Default.IReadOnlyListIndexRow, cancellationToken);
        return family.IsFamily ? [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal)] : await OneAsync(names.PatternOf(family), rows, cancellationToken);
    }

    // By its name; where an alias has taken that over (a reindexing ends so), by what the alias leads to.
    private async Task<IReadOnlyList<IndexRow>> OneAsync(string name, IReadOnlyList<IndexRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0 || rows.Any(row => row.Name == name))
        {
            return [.. rows.Where(row => row.Name == name)];
        }

        var alias = await client.TryAsync(HttpMethod.Get, $"_alias/{name}", null, OpenSearchJson.Default.JsonObject, cancellationToken);
        return [.. rows.Where(row => alias?.ContainsKey(row.Name) == true)];
    }

    /// <summary>The primary term of each index: how often its shard was taken up. Empty where the server does not say.</summary>
    public async Task<IReadOnlyDictionary<string, long>> FindTermsAsync(IndexFamily family, CancellationToken cancellationToken)
    {
        if (_keepsStateToItself)
        {
            return Nothing;
        }

        try
        {
            var state = await client.TryAsync(HttpMethod.Get, $"_cluster/state/metadata/{PatternOf(family)}?filter_path=metadata.indices.*.primary_terms", null, OpenSearchJson.Default.StateAnswer, cancellationToken);
            return state?.Metadata?.Indices?.Where(index => index.Value.Terms is { Count: > 0 }).ToDictionary(index => index.Key, index => index.Value.Terms!.Values.Max(), StringComparer.Ordinal) ?? Nothing;
        }
        catch (StoreUnavailableException e) when (e.InnerException is OpenSearchRefusedException { Status: 401 or 403 })
        {
            // A managed server may, or the user have no right to it: not asked again. The terms on the pages are left.
            _keepsStateToItself = true;
            return Nothing;
        }
    }

    /// <summary>Waits until the shards of an index, or of a family, have started; not for long: who asks for one that has not is told by the answer.</summary>
    public async Task AwaitStartAsync(IndexFamily family, CancellationToken cancellationToken) =>
        // A short wait, repeated by the connection as long as the answer is that time ran out (408).
        await client.TryAsync(HttpMethod.Get, $"_cluster/health/{names.PatternOf(family)}?wait_for_status=yellow&timeout=1s", null, OpenSearchJson.Default.JsonObject, cancellationToken);

    /// <summary>Deletes one index.</summary>
    public async Task DeleteAsync(string index, CancellationToken cancellationToken) =>
        await client.TryAsync(HttpMethod.Delete, index, null, OpenSearchJson.Default.JsonObject, cancellationToken);

    // With a star also where there is one index: then none is an empty list, not a failure.
    private string PatternOf(IndexFamily family) => family.IsFamily ? names.PatternOf(family) : names.PatternOf(family) + "*";
}
