using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

internal sealed record RootAnswer(
    [property: JsonPropertyName("cluster_uuid")] string? Cluster,
    [property: JsonPropertyName("version")] VersionAnswer? Version);

internal sealed record VersionAnswer(
    [property: JsonPropertyName("number")] string? Number,
    [property: JsonPropertyName("distribution")] string? Distribution);

internal sealed record ShardsAnswer(
    [property: JsonPropertyName("total")] int Total,
    [property: JsonPropertyName("successful")] int Successful,
    [property: JsonPropertyName("failed")] int Failed,
    [property: JsonPropertyName("failures")] JsonElement? Failures);

internal sealed record SearchAnswer<T>(
    [property: JsonPropertyName("timed_out")] bool TimedOut,
    [property: JsonPropertyName("_shards")] ShardsAnswer? Shards,
    [property: JsonPropertyName("hits")] HitsAnswer<T>? Hits,
    [property: JsonPropertyName("aggregations")] SumsAnswer? Sums,
    [property: JsonPropertyName("pit_id")] string? PointInTime);

internal sealed record HitsAnswer<T>(
    [property: JsonPropertyName("total")] TotalAnswer? Total,
    [property: JsonPropertyName("hits")] IReadOnlyList<Hit<T>> Hits);

internal sealed record TotalAnswer([property: JsonPropertyName("value")] long Value);

internal sealed record Hit<T>(
    [property: JsonPropertyName("_index")] string Index,
    [property: JsonPropertyName("_id")] string Id,
    [property: JsonPropertyName("_seq_no")] long? Number,
    [property: JsonPropertyName("_primary_term")] long? Term,
    [property: JsonPropertyName("_source")] T? Document,
    [property: JsonPropertyName("sort")] JsonElement[]? Sort)
{
    /// <summary>Where the next page goes on.</summary>
    public JsonArray Place() => new([.. Sort!.Select(value => JsonValue.Create(value))]);
}

/// <summary>Where only numbers are asked for.</summary>
internal sealed record NoDocument;

internal sealed record SumsAnswer([property: JsonPropertyName("counts")] BucketsAnswer? Counts);

internal sealed record BucketsAnswer(
    [property: JsonPropertyName("buckets")] IReadOnlyList<Bucket> Buckets,
    [property: JsonPropertyName("sum_other_doc_count")] long Others);

internal sealed record Bucket([property: JsonPropertyName("key")] string Key, [property: JsonPropertyName("doc_count")] long Count);

internal sealed record ManyAnswer<T>([property: JsonPropertyName("docs")] IReadOnlyList<Kept<T>> Documents);

/// <summary>A document as it is at this moment, whether or not it can be found already.</summary>
internal sealed record Kept<T>(
    [property: JsonPropertyName("_index")] string Index,
    [property: JsonPropertyName("_id")] string Id,
    [property: JsonPropertyName("_seq_no")] long Number,
    [property: JsonPropertyName("_primary_term")] long Term,
    [property: JsonPropertyName("_version")] long Version,
    [property: JsonPropertyName("found")] bool Found,
    [property: JsonPropertyName("_source")] T? Document,
    [property: JsonPropertyName("error")] JsonElement? Error);

internal sealed record PointInTimeAnswer([property: JsonPropertyName("pit_id")] string Id);

internal sealed record IndexRow(
    [property: JsonPropertyName("index")] string Name,
    [property: JsonPropertyName("uuid")] string? Uuid,
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("health")] string? Health,
    [property: JsonPropertyName("pri")] string? Primaries,
    [property: JsonPropertyName("store.size")] string? Bytes);

internal sealed record StateAnswer([property: JsonPropertyName("metadata")] StateMetadata? Metadata);

internal sealed record StateMetadata([property: JsonPropertyName("indices")] IReadOnlyDictionary<string, StateIndex>? Indices);

internal sealed record StateIndex([property: JsonPropertyName("primary_terms")] IReadOnlyDictionary<string, long>? Terms);

internal sealed record TemplatesAnswer([property: JsonPropertyName("index_templates")] IReadOnlyList<TemplateAnswer> Templates);

internal sealed record TemplateAnswer([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("index_template")] TemplateBody Body);

internal sealed record TemplateBody(
    [property: JsonPropertyName("version")] long? Version,
    [property: JsonPropertyName("_meta")] TemplateMeta? Meta);

internal sealed record TemplateMeta([property: JsonPropertyName("fingerprint")] string? Fingerprint);

internal sealed record BulkAnswer([property: JsonPropertyName("items")] IReadOnlyList<Dictionary<string, BulkAnswerItem>> Items);

internal sealed record BulkAnswerItem(
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("error")] JsonElement? Error);
