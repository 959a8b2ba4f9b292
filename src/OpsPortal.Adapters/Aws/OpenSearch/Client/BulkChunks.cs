using System.Buffers;
using System.Text.Json;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>Some documents of a bulk as one body.</summary>
/// <param name="Items">Their places in the whole.</param>
internal sealed record BulkChunk(IReadOnlyList<int> Items, ReadOnlyMemory<byte> Body);

/// <summary>Cuts a bulk into bodies bounded by bytes and count. A document larger than that goes alone.</summary>
internal static class BulkChunks
{
    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    public static IEnumerable<BulkChunk> Of(IReadOnlyList<BulkItem> items, IReadOnlyList<int> places, int bytes, int count)
    {
        var body = new ArrayBufferWriter<byte>(Math.Min(bytes, 1 << 16));
        using var writer = new Utf8JsonWriter(body, Unchecked);
        var inside = new List<int>();
        foreach (var place in places)
        {
            var before = body.WrittenCount;
            Write(items[place], writer, body);
            if (inside.Count > 0 && (body.WrittenCount > bytes || inside.Count == count))
            {
                // The one too many begins the next body.
                var rest = body.WrittenSpan[before..].ToArray();
                yield return new BulkChunk(inside, body.WrittenMemory[..before]);
                // A new one: the one before may still be under way.
                body = new ArrayBufferWriter<byte>(Math.Max(rest.Length, before));
                inside = [];
                body.Write(rest);
            }

            inside.Add(place);
        }

        if (inside.Count > 0)
        {
            yield return new BulkChunk(inside, body.WrittenMemory);
        }
    }

    private static void Write(BulkItem item, Utf8JsonWriter writer, ArrayBufferWriter<byte> body)
    {
        writer.Reset(body);
        item.WriteTo(writer, EndLine);

        void EndLine()
        {
            writer.Flush();
            body.Write("\n"u8);
            writer.Reset(body);
        }
    }
}
