using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Core.Feed;

namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>A place in the changes, as text.</summary>
/// <param name="AsOf">Up to then all was told.</param>
/// <param name="Indices">What was seen of each index.</param>
internal sealed record FollowerCursor(
    [property: JsonPropertyName("v")] int Version,
    [property: JsonPropertyName("asOf")] DateTimeOffset AsOf,
    [property: JsonPropertyName("i")] IReadOnlyDictionary<string, FollowerCursorIndex> Indices)
{
    private const int Present = 1;

    // The newest count; older ones are about to be forgotten anyway.
    private const int MostGaps = 2_000;

    public static StoreCursor Write(DateTimeOffset asOf, IReadOnlyDictionary<string, FollowedIndex> indices)
    {
        var cursor = new FollowerCursor(Present, asOf, indices.ToDictionary(
            index => index.Key,
            index => new FollowerCursorIndex(index.Value.Uuid, index.Value.Term, index.Value.Seen.Frontier, [.. index.Value.Seen.Gaps.TakeLast(MostGaps).Select(gap => new[] { gap.From, gap.To })])));
        return new StoreCursor(JsonSerializer.Serialize(cursor, OpenSearchJson.Default.FollowerCursor));
    }

    /// <exception cref="InvalidOperationException">It is another adapter's, or another version's.</exception>
    public static FollowerCursor Read(StoreCursor cursor)
    {
        try
        {
            var read = JsonSerializer.Deserialize(cursor.Value, OpenSearchJson.Default.FollowerCursor);
            return read is { Version: Present, Indices: not null } ? read : throw new JsonException("unknown version");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The cursor is not one of this store's ({e.Message}). Read a snapshot anew.", e);
        }
    }
}

/// <summary>What was seen of one index.</summary>
internal sealed record FollowerCursorIndex(
    [property: JsonPropertyName("u")] string? Uuid,
    [property: JsonPropertyName("t")] long? Term,
    [property: JsonPropertyName("f")] long Frontier,
    [property: JsonPropertyName("g")] IReadOnlyList<long[]> Gaps);

/// <summary>One followed index.</summary>
/// <param name="Uuid">Which index it is, whatever its name: one deleted and made again counts anew. Null until looked up.</param>
/// <param name="Term">Primary term of the numbers seen: how often the shard had been taken up. Null until one was seen.</param>
internal sealed record FollowedIndex(string? Uuid, long? Term, SeenNumbers Seen)
{
    public static FollowedIndex Of(FollowerCursorIndex cursor, int mostGaps, long now)
    {
        var seen = new SeenNumbers(mostGaps);
        seen.Restore(cursor.Frontier, cursor.Gaps.Select(gap => new SeenNumbers.Gap(gap[0], gap[1], now)));
        return new FollowedIndex(cursor.Uuid, cursor.Term, seen);
    }
}
