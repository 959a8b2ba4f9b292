using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>A document at one of its versions.</summary>
/// <param name="WrittenAt">When it was written; a refresh after that makes it visible.</param>
/// <param name="HeldUntil">A refresh before that does not: a document made visible late.</param>
internal sealed record StubDocument(StubIndex Index, string Id, long Version, long Number, long Term, int Shard, JsonObject Source, DateTimeOffset WrittenAt, DateTimeOffset HeldUntil)
{
    /// <summary>Values of a field, as they are searched and sorted by.</summary>
    public IEnumerable<object> Values(string field) => field switch
    {
        "_id" => [Id],
        "_index" => [Index.Name],
        "_seq_no" => [Number],
        _ => Index.Mapping.Values(Source, field),
    };
}
