using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch.Telemetry;

/// <summary>Deletes whole indices whose time is past. Done by the product itself, so that no plugin is needed; where index state management is there, its policy does the same when the product does not run.</summary>
internal sealed class IndexRetention(Documents documents, Catalogue catalogue, IOptions<OpenSearchOptions> options, TimeProvider time, ILogger<IndexRetention> logger) : IReadingRetention
{
    public async Task<ReadingRetention> GetAsync(CancellationToken cancellationToken)
    {
        var oldest = await documents.FindAsync(
            new Search(IndexFamily.Readings, Scope.WholeFleet).By(Field.StartTicks).Take(1).Only(Field.StartTicks), OpenSearchJson.Default.SearchAnswerReadingDocument, cancellationToken);
        var indices = await catalogue.FindAsync(IndexFamily.Readings, cancellationToken);
        return new ReadingRetention(
            options.Value.KeepReadings,
            // No limit of bytes here: the days are what bounds them.
            long.MaxValue,
            indices.Sum(index => long.TryParse(index.Bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0),
            oldest.Hits!.Hits is [{ Document: { } first }, ..] ? new DateTimeOffset(first.StartTicks, TimeSpan.Zero) : null);
    }

    /// <summary>Deletes what is past its retention.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await ClearAsync(IndexFamily.Readings, options.Value.KeepReadings, cancellationToken);
        if (options.Value.KeepAnomalies is { } kept)
        {
            await ClearAsync(IndexFamily.Anomalies, kept, cancellationToken);
            await ClearAsync(IndexFamily.DeadLetters, kept, cancellationToken);
        }
    }

    private async Task ClearAsync(IndexFamily family, TimeSpan kept, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - kept;
        foreach (var index in await catalogue.FindAsync(family, cancellationToken))
        {
            if (documents.Names.EndOf(family, index.Name) is { } end && end <= before)
            {
                await catalogue.DeleteAsync(index.Name, cancellationToken);
                Log.Cleared(logger, index.Name);
            }
        }
    }
}
