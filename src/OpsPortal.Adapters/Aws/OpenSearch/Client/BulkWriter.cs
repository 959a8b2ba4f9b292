using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>
/// Keeps many documents in few requests. Every document's own result counts: what the server had no time for (429, 503) is sent again,
/// later each time and only that; what it will never take is told to the caller and holds nothing else up.
/// </summary>
internal sealed class BulkWriter(OpenSearchClient client, IOptions<OpenSearchOptions> options, OpenSearchMetrics metrics, AwsChance chance, ILogger<BulkWriter> logger)
{
    // Only what is read: an answer is otherwise as large as a small bulk.
    private const string Path = "_bulk?filter_path=errors,items.*.status,items.*.error";

    /// <summary>Keeps the documents, in their order as far as nothing has to be sent again.</summary>
    /// <returns>What became of each, in the order given: kept, conflict or refused.</returns>
    /// <exception cref="Core.Health.StoreUnavailableException">Some could not be kept now. Those that were stay; sending all again does no harm.</exception>
    public async Task<BulkResult[]> WriteAsync(IReadOnlyList<BulkItem> items, CancellationToken cancellationToken)
    {
        var results = new BulkResult[items.Count];
        IReadOnlyList<int> open = [.. Enumerable.Range(0, items.Count)];
        for (var attempt = 0; ; attempt++)
        {
            await SendAsync(items, open, results, cancellationToken);
            open = [.. open.Where(place => results[place].Fate == BulkFate.Open)];
            if (open.Count == 0)
            {
                metrics.NoteBulk(results);
                return results;
            }

            if (attempt == options.Value.Retries)
            {
                throw client.Unavailable($"it had no time for {open.Count} of {items.Count} documents in {attempt + 1} attempts: {results[open[0]].Error}");
            }

            Log.DocumentsAgain(logger, open.Count, items.Count, results[open[0]].Error.ToString());
            metrics.NoteRepeated(open.Count);
            await Task.Delay(Backoff.After(attempt, chance), chance.Time, cancellationToken);
        }
    }

    // One body is written while the one before is under way; they arrive one after the other, so the order of changes is kept.
    private async Task SendAsync(IReadOnlyList<BulkItem> items, IReadOnlyList<int> places, BulkResult[] results, CancellationToken cancellationToken)
    {
        var sending = Task.CompletedTask;
        try
        {
            foreach (var chunk in BulkChunks.Of(items, places, options.Value.BulkBytes, options.Value.BulkCount))
            {
                await sending;
                sending = SendAsync(items, chunk, results, cancellationToken);
            }
        }
        finally
        {
            await sending;
        }
    }

    private async Task SendAsync(IReadOnlyList<BulkItem> items, BulkChunk chunk, BulkResult[] results, CancellationToken cancellationToken)
    {
        using var content = Bodies.Lines(chunk.Body);
        try
        {
            var answer = await client.SendContentAsync(HttpMethod.Post, Path, content, OpenSearchJson.Default.BulkAnswer, cancellationToken);
            Read(items, chunk, answer, results);
        }
        catch (OpenSearchRefusedException e) when (chunk.Items.Count > 1)
        {
            // One document that the server cannot read, or a body too large for it, must not hold the others up.
            var half = chunk.Items.Count / 2;
            Log.BulkRefused(logger, chunk.Items.Count, e.Error.ToString());
            await SendAsync(items, [.. chunk.Items.Take(half)], results, cancellationToken);
            await SendAsync(items, [.. chunk.Items.Skip(half)], results, cancellationToken);
        }
        catch (OpenSearchRefusedException e)
        {
            results[chunk.Items[0]] = new BulkResult(BulkFate.Refused, e.Error);
        }
    }

    private void Read(IReadOnlyList<BulkItem> items, BulkChunk chunk, BulkAnswer answer, BulkResult[] results)
    {
        if (answer.Items.Count != chunk.Items.Count)
        {
            throw client.Unavailable($"it answers for {answer.Items.Count} documents where {chunk.Items.Count} were sent");
        }

        for (var i = 0; i < chunk.Items.Count; i++)
        {
            var item = answer.Items[i].Values.First();
            var error = item.Error is { } said ? ErrorReader.Read(said) : default;
            results[chunk.Items[i]] = new BulkResult(FateOf(item.Status, error, items[chunk.Items[i]]), error);
        }
    }

    private BulkFate FateOf(int status, OpenSearchError error, BulkItem item) => status switch
    {
        < 300 => BulkFate.Kept,
        409 => BulkFate.Conflict,
        429 or 503 => BulkFate.Open,
        400 when !error.Reason.Contains("maximum shards open", StringComparison.Ordinal) => BulkFate.Refused,
        _ => throw client.Unavailable($"it cannot write to {item.Index} ({status}): {error}"),
    };
}
