using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>
/// Reads many documents by id. Where a shard is about to start (its index was made a moment ago, or the server) or has too much to do, that
/// stands with each of its documents in an answer that says success: the connection repeats nothing then, so it is done here.
/// </summary>
internal sealed class ManyReader(OpenSearchClient client, IOptions<OpenSearchOptions> options, AwsChance chance, ILogger<ManyReader> logger)
{
    private static readonly HashSet<string> Passing =
    [
        "no_shard_available_action_exception", "unavailable_shards_exception", "illegal_index_shard_state_exception", "shard_not_found_exception",
        "rejected_execution_exception", "circuit_breaking_exception",
    ];

    /// <summary>Documents as they are now, in the order asked for; null for each that is not there.</summary>
    /// <exception cref="Core.Health.StoreUnavailableException">One cannot be read now.</exception>
    public async Task<IReadOnlyList<Kept<T>?>> ReadAsync<T>(JsonObject wanted, JsonTypeInfo<ManyAnswer<T>> type, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await client.SendAsync(HttpMethod.Post, "_mget", wanted, type, cancellationToken);
            var open = answer.Documents.Where(IsNotReadYet).ToList();
            if (open.Count == 0 || attempt == options.Value.Retries)
            {
                return [.. answer.Documents.Select(Present)];
            }

            Log.ReadAgain(logger, open.Count, answer.Documents.Count, ErrorReader.Read(open[0].Error!.Value).ToString());
            await Task.Delay(Backoff.After(attempt, chance), chance.Time, cancellationToken);
        }
    }

    private static bool IsNotReadYet<T>(Kept<T> document) => document.Error is { } error && Passing.Contains(ErrorReader.Read(error).Type);

    private Kept<T>? Present<T>(Kept<T> document)
    {
        if (document.Error is not { } error)
        {
            return document.Found ? document : null;
        }

        var said = ErrorReader.Read(error);
        return said.Type == "index_not_found_exception" ? null : throw client.Unavailable($"document {document.Id} of {document.Index} cannot be read: {said}");
    }
}
