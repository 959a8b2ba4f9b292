using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>What all stores here do: find, get, keep.</summary>
internal sealed class Documents(OpenSearchClient client, Schema schema, BulkWriter bulk, ManyReader reader, IndexNames names, OwnWrites writes)
{
    private const string Whole = "allow_partial_search_results=false";

    /// <summary>Where documents are kept.</summary>
    public IndexNames Names => names;

    /// <summary>Returns when the server is ready.</summary>
    public ValueTask ReadyAsync(CancellationToken cancellationToken) => schema.EnsureAsync(cancellationToken);

    /// <summary>Documents that this process has kept are always found: they are made visible before the first search after them.</summary>
    public async Task<SearchAnswer<T>> FindAsync<T>(Search search, JsonTypeInfo<SearchAnswer<T>> type, CancellationToken cancellationToken)
    {
        await schema.EnsureAsync(cancellationToken);
        await writes.ShowAsync(search.Family, RefreshAsync, cancellationToken);
        return await AskAsync($"{names.PatternOf(search.Family)}/_search?{Whole}", search.ToJson(), type, cancellationToken);
    }

    /// <summary>The same without making anything visible: for who asks again soon.</summary>
    public async Task<SearchAnswer<T>> LookAsync<T>(Search search, JsonTypeInfo<SearchAnswer<T>> type, CancellationToken cancellationToken)
    {
        await schema.EnsureAsync(cancellationToken);
        // The same copies of the shards every time: another copy may show a little less.
        return await AskAsync($"{names.PatternOf(search.Family)}/_search?{Whole}&preference=opsportal-follower", search.ToJson(), type, cancellationToken);
    }

    /// <summary>Everything there is, page by page, as it was when the first was asked for (where the server has points in time).</summary>
    public async Task<IReadOnlyList<Hit<T>>> FindAllAsync<T>(Search search, JsonTypeInfo<SearchAnswer<T>> type, CancellationToken cancellationToken)
    {
        await schema.EnsureAsync(cancellationToken);
        await writes.ShowAsync(search.Family, RefreshAsync, cancellationToken);
        var first = await AskAsync($"{names.PatternOf(search.Family)}/_search?{Whole}", search.ToJson(), type, cancellationToken);
        return first.Hits!.Hits.Count < search.Size ? first.Hits.Hits : await PagesAsync(search, type, cancellationToken);
    }

    /// <summary>The document as it is now, or null; asks the shard itself, so what was just kept is there.</summary>
    public async Task<Kept<T>?> GetAsync<T>(string index, string id, JsonTypeInfo<ManyAnswer<T>> type, CancellationToken cancellationToken) =>
        (await GetManyAsync([(index, id)], type, cancellationToken))[0];

    /// <summary>Documents as they are now, in the order asked for; null for each that is not there.</summary>
    public async Task<IReadOnlyList<Kept<T>?>> GetManyAsync<T>(IReadOnlyList<(string Index, string Id)> wanted, JsonTypeInfo<ManyAnswer<T>> type, CancellationToken cancellationToken)
    {
        await schema.EnsureAsync(cancellationToken);
        var body = new JsonObject
        {
            ["docs"] = new JsonArray([.. wanted.Select(document => new JsonObject { ["_index"] = document.Index, ["_id"] = document.Id })]),
        };
        return await OrUnavailableAsync(() => reader.ReadAsync(body, type, cancellationToken));
    }

    /// <summary>Keeps documents.</summary>
    /// <inheritdoc cref="BulkWriter.WriteAsync"/>
    public async Task<BulkResult[]> KeepAsync(IndexFamily family, IReadOnlyList<BulkItem> items, CancellationToken cancellationToken)
    {
        await schema.EnsureAsync(cancellationToken);
        try
        {
            return await bulk.WriteAsync(items, cancellationToken);
        }
        finally
        {
            // Also after a failure: a part may have been kept.
            writes.Note(family);
        }
    }

    /// <summary>Makes everything kept so far visible, whoever kept it.</summary>
    public async Task RefreshAsync(IndexFamily family, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(HttpMethod.Post, $"{names.PatternOf(family)}/_refresh", null, OpenSearchJson.Default.JsonObject, cancellationToken);
        }
        catch (OpenSearchRefusedException e) when (e.Status == 404 && e.Error.Type == "index_not_found_exception" && family.IsFamily)
        {
            // None there yet.
        }
        catch (OpenSearchRefusedException e)
        {
            schema.Forget();
            throw client.Unavailable($"{names.PatternOf(family)} cannot be refreshed: {e.Error}", e);
        }
    }

    private Task<SearchAnswer<T>> AskAsync<T>(string path, JsonObject body, JsonTypeInfo<SearchAnswer<T>> type, CancellationToken cancellationToken) =>
        OrUnavailableAsync(async () =>
        {
            var answer = await client.SendAsync(HttpMethod.Post, path, body, type, cancellationToken);
            return Completeness.ProblemOf(answer) is { } problem
                ? throw client.Unavailable($"its answer is not complete: {problem}", new OpenSearchIncompleteException(problem))
                : answer;
        });

    private async Task<IReadOnlyList<Hit<T>>> PagesAsync<T>(Search search, JsonTypeInfo<SearchAnswer<T>> type, CancellationToken cancellationToken)
    {
        var all = new List<Hit<T>>();
        await using var view = await PointInTime.OpenAsync(client, names.PatternOf(search.Family), cancellationToken);
        while (true)
        {
            var path = view.Id is null ? $"{names.PatternOf(search.Family)}/_search?{Whole}" : $"_search?{Whole}";
            var page = await AskAsync(path, search.ToJson(view.Id), type, cancellationToken);
            view.Follow(page.PointInTime);
            all.AddRange(page.Hits!.Hits);
            if (page.Hits.Hits.Count < search.Size)
            {
                return all;
            }

            search.After(page.Hits.Hits[^1].Place());
        }
    }

    // Searches and reads are all our own: one that is refused means that the server's side is not as it should be.
    private async Task<T> OrUnavailableAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OpenSearchRefusedException e)
        {
            schema.Forget();
            throw client.Unavailable($"it refuses what is asked ({e.Status}): {e.Error}", e);
        }
    }
}
