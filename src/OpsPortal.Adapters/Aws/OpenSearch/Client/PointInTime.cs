using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>A view of indices that stands still while pages are read; none where the server has no such thing (before 2.4, serverless).</summary>
internal sealed class PointInTime(OpenSearchClient client, string? id) : IAsyncDisposable
{
    /// <summary>Null: pages are read without.</summary>
    public string? Id { get; private set; } = id;

    public static async Task<PointInTime> OpenAsync(OpenSearchClient client, string pattern, CancellationToken cancellationToken)
    {
        var answer = await client.TryAsync(HttpMethod.Post, $"{pattern}/_search/point_in_time?keep_alive=1m", null, OpenSearchJson.Default.PointInTimeAnswer, cancellationToken);
        return new PointInTime(client, answer?.Id);
    }

    /// <summary>The server may give the view another id with each page.</summary>
    public void Follow(string? id) => Id = Id is null ? null : id ?? Id;

    public async ValueTask DisposeAsync()
    {
        if (Id is null)
        {
            return;
        }

        try
        {
            await client.TryAsync(HttpMethod.Delete, "_search/point_in_time", new JsonObject { ["pit_id"] = new JsonArray(Id) }, OpenSearchJson.Default.JsonObject, CancellationToken.None);
        }
        catch (Core.Health.StoreUnavailableException)
        {
            // It ends by itself after a minute.
        }
    }
}
