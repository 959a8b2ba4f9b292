using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>Documents that OpenSearch will never take: kept as dead letters with its own reason, so that nothing is lost and nothing else waits.</summary>
internal sealed class RefusedDocuments(IDeadLetters letters, TimeProvider time, ILogger<RefusedDocuments> logger)
{
    /// <summary>Reason under which they are counted.</summary>
    public const string Reason = "refusedByStore";

    public async Task SetAsideAsync(IReadOnlyList<BulkItem> items, IReadOnlyList<BulkResult> results, CancellationToken cancellationToken)
    {
        var refused = items.Zip(results).Where(pair => pair.Second.Fate == BulkFate.Refused).ToList();
        if (refused.Count == 0)
        {
            return;
        }

        foreach (var (item, result) in refused)
        {
            Log.DocumentRefused(logger, item.Id, item.Index, result.Error.ToString());
        }

        var now = time.GetUtcNow();
        await letters.AppendAsync([.. refused.Select(pair => LetterOf(pair.First, pair.Second, now))], cancellationToken);
    }

    private static DeadLetter LetterOf(BulkItem item, BulkResult result, DateTimeOffset now) => new(
        PlaceOf(item),
        now,
        Reason,
        $"{item.Index}/{item.Id}: {result.Error}",
        JsonSerializer.SerializeToUtf8Bytes(item.Document, item.Type));

    // Below zero, where no message of the source is; the same document again has the same place, and so is one letter.
    private static long PlaceOf(BulkItem item) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{item.Index}\n{item.Id}"))) | long.MinValue;
}
