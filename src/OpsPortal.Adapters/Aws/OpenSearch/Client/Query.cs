using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>The queries this product uses. There are no others: no query strings, no scripts.</summary>
internal static class Query
{
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.UtcTicks - TimeSpan.TicksPerMillisecond;

    public static JsonObject Term(string field, JsonNode value) => new() { ["term"] = new JsonObject { [field] = value } };

    /// <summary>Any of the values; none of them when there are none.</summary>
    public static JsonObject OneOf(string field, IEnumerable<JsonNode> values) =>
        new() { ["terms"] = new JsonObject { [field] = new JsonArray([.. values]) } };

    public static JsonObject OneOf(string field, IEnumerable<string> values) => OneOf(field, values.Select(value => (JsonNode)JsonValue.Create(value)));

    public static JsonObject Exists(string field) => new() { ["exists"] = new JsonObject { ["field"] = field } };

    /// <summary>From inclusive, to exclusive; either may be missing.</summary>
    public static JsonObject Between(string field, long? from, long? to)
    {
        var bounds = new JsonObject();
        if (from is { } low)
        {
            bounds["gte"] = low;
        }

        if (to is { } high)
        {
            bounds["lt"] = high;
        }

        return new JsonObject { ["range"] = new JsonObject { [field] = bounds } };
    }

    /// <summary>From inclusive, to exclusive, of a date; by the millisecond, the end rounded up. As text: a number before 1970 is taken for a year (OpenSearch#16979).</summary>
    public static JsonObject Between(string field, DateTimeOffset? from, DateTimeOffset? to)
    {
        var bounds = new JsonObject();
        if (from is { } low)
        {
            bounds["gte"] = Text(low);
        }

        if (to is { } high)
        {
            bounds["lt"] = Text(high.UtcTicks % TimeSpan.TicksPerMillisecond == 0 || high.UtcTicks > LastMillisecond ? high : high.AddTicks(TimeSpan.TicksPerMillisecond));
        }

        return new JsonObject { ["range"] = new JsonObject { [field] = bounds } };
    }

    public static JsonObject All(IEnumerable<JsonNode> queries) => Bool("filter", queries);

    public static JsonObject Not(JsonNode query) => Bool("must_not", [query]);

    public static JsonObject Any(IEnumerable<JsonNode> queries)
    {
        var any = Bool("should", queries);
        any["bool"]!["minimum_should_match"] = 1;
        return any;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Bool(string part, IEnumerable<JsonNode> queries) => new() { ["bool"] = new JsonObject { [part] = new JsonArray([.. queries]) } };
}
