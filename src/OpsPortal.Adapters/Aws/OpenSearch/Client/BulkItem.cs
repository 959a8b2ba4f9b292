using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>One document to keep.</summary>
/// <param name="Creates">True: only when there is none under this id. False: in place of what is there.</param>
/// <param name="Index">Index, of the fixed names of <see cref="Indices.IndexNames"/>.</param>
/// <param name="Document">The document, written by <paramref name="Type"/>.</param>
internal sealed record BulkItem(bool Creates, string Index, string Id, object Document, JsonTypeInfo Type)
{
    /// <summary>Kept only when higher than the version that is there (<see cref="SameVersionToo"/>: or the same).</summary>
    public long? Version { get; init; }

    public bool SameVersionToo { get; init; }

    /// <summary>Kept only when the present document still is the one at this place.</summary>
    public (long Number, long Term)? InPlaceOf { get; init; }

    /// <summary>Two lines, each with its end.</summary>
    public void WriteTo(Utf8JsonWriter writer, Action endLine)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(Creates ? "create" : "index");
        writer.WriteString("_index", Index);
        writer.WriteString("_id", Id);
        if (Version is { } version)
        {
            writer.WriteNumber("version", version);
            writer.WriteString("version_type", SameVersionToo ? "external_gte" : "external");
        }

        if (InPlaceOf is { } place)
        {
            writer.WriteNumber("if_seq_no", place.Number);
            writer.WriteNumber("if_primary_term", place.Term);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        endLine();
        JsonSerializer.Serialize(writer, Document, Type);
        endLine();
    }
}

/// <summary>What became of one document.</summary>
internal enum BulkFate
{
    /// <summary>Not known yet, or to be tried again.</summary>
    Open = 0,

    /// <summary>Kept.</summary>
    Kept,

    /// <summary>There was another already: under this id, at this version, at this place (409).</summary>
    Conflict,

    /// <summary>It can never be kept as it is (400): <see cref="BulkResult.Error"/> has the server's own words.</summary>
    Refused,
}

internal readonly record struct BulkResult(BulkFate Fate, OpenSearchError Error);
