using System.Text.Json;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>Reads the three forms of failure: an object with causes, a bare text, or no JSON at all (a proxy's page).</summary>
internal static class ErrorReader
{
    private const int LongestText = 300;
    private const int DeepestCause = 4;

    public static OpenSearchError Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind != JsonValueKind.Object ? Plain(body)
                : json.RootElement.TryGetProperty("error", out var error) ? Read(error)
                : json.RootElement.TryGetProperty("message", out var message) ? Plain(message.ToString())
                : Plain(body);
        }
        catch (JsonException)
        {
            return Plain(body);
        }
    }

    /// <summary>Of one document of a bulk, or of one shard.</summary>
    public static OpenSearchError Read(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return Plain(error.ToString());
        }

        var reasons = new List<string>();
        for (var (cause, depth) = (error, 0); depth < DeepestCause; depth++)
        {
            reasons.Add(Text(cause, "reason"));
            if (!cause.TryGetProperty("caused_by", out cause) || cause.ValueKind != JsonValueKind.Object)
            {
                break;
            }
        }

        return new OpenSearchError(Text(error, "type"), string.Join("; ", FirstShards(error).Concat(reasons).Where(reason => reason.Length > 0).Distinct()));
    }

    // "all shards failed" says nothing; what the first of them says does.
    private static IEnumerable<string> FirstShards(JsonElement error) =>
        error.TryGetProperty("failed_shards", out var shards) && shards.ValueKind == JsonValueKind.Array
            ? shards.EnumerateArray().Take(1).Where(shard => shard.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.Object)
                .Select(shard => $"{Text(shard, "index")}: {Text(shard.GetProperty("reason"), "reason")}")
            : [];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? Cut(text.GetString()!) : "";

    private static OpenSearchError Plain(string text) => new("", Cut(text));

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
