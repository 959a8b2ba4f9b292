using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>Bodies of requests; large ones go compressed.</summary>
internal static class Bodies
{
    // Below this the header costs more than is won.
    private const int CompressAbove = 8 * 1024;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private static readonly MediaTypeHeaderValue LinesType = new("application/x-ndjson");

    public static HttpContent Json(JsonNode body)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            body.WriteTo(writer);
        }

        return Content(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), JsonType);
    }

    public static HttpContent Lines(ReadOnlyMemory<byte> lines) => Content(lines, LinesType);

    private static ByteArrayContent Content(ReadOnlyMemory<byte> bytes, MediaTypeHeaderValue type)
    {
        if (bytes.Length <= CompressAbove)
        {
            return new ByteArrayContent(bytes.ToArray()) { Headers = { ContentType = type } };
        }

        using var compressed = new MemoryStream(bytes.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes.Span);
        }

        return new ByteArrayContent(compressed.GetBuffer(), 0, (int)compressed.Length) { Headers = { ContentType = type, ContentEncoding = { "gzip" } } };
    }
}
