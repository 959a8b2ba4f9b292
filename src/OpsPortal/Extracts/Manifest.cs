using System.Globalization;
using System.Text;
using System.Text.Json;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Extracts;

/// <summary>All files of an extract, each with a link of the portal that stays good as long as the extract.</summary>
/// <param name="LeftOut">Files of the extract that are outside the reader's present scope.</param>
internal sealed record ManifestJson(
    string Id, DateTimeOffset MadeAt, DateTimeOffset EndsAt, IReadOnlyList<string> TrainsAskedFor, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Sensors, long Count, long Bytes,
    IReadOnlyList<ManifestItemJson> Items, long LeftOut);

/// <summary>One file.</summary>
/// <param name="Checksum">Null when the store knows none.</param>
/// <param name="Trains">All trains inside; empty when nobody knows.</param>
/// <param name="Url">Answers with a redirect to an address signed at that moment; show the extract's token or a session.</param>
internal sealed record ManifestItemJson(string Key, long Bytes, ChecksumJson? Checksum, string StorageClass, IReadOnlyList<string> Trains, DateTimeOffset From, DateTimeOffset To, string Url);

/// <summary>A checksum.</summary>
/// <param name="Value">Lower-case hex.</param>
/// <param name="OfParts">True when it cannot be computed from the bytes alone: it is made of checksums of parts.</param>
internal sealed record ChecksumJson(string Algorithm, string Value, bool OfParts);

/// <summary>Writes a manifest of any length as it is read: some pages at a time, nothing of it kept.</summary>
internal sealed class ManifestWriter(IExtractStore store, Extract extract, Core.Access.Scope scope, string address)
{
    private const int AtOnce = 500;

    /// <summary>First line of the CSV. No field holds a comma, a quote or a line break: keys, ids and links have none.</summary>
    public const string CsvHeader = "key,bytes,algorithm,checksum,storageClass,trains,from,to,url";

    public async Task WriteJsonAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        WriteHead(json);
        var (given, last) = (0L, 0L);
        while (await store.FindFilesAsync(scope, extract.Id, last, AtOnce, cancellationToken) is { Count: > 0 } page)
        {
            (given, last) = (given + page.Count, page[^1].Number);
            foreach (var file in page)
            {
                Write(json, file);
            }

            await json.FlushAsync(cancellationToken);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
        json.WriteNumber("leftOut"u8, extract.Count - given);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    public async Task WriteCsvAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = Attachment.Of($"extract_{extract.Id}.csv");
        await WriteAsync(response, CsvHeader + "\r\n", cancellationToken);
        var (given, last, lines) = (0L, 0L, new StringBuilder());
        while (await store.FindFilesAsync(scope, extract.Id, last, AtOnce, cancellationToken) is { Count: > 0 } page)
        {
            (given, last) = (given + page.Count, page[^1].Number);
            foreach (var file in page)
            {
                lines.AppendJoin(',', file.Key, file.Bytes.ToString(CultureInfo.InvariantCulture), file.Checksum?.Algorithm, file.Checksum?.Value, file.StorageClass,
                    string.Join(';', file.Trains), Time(file.From), Time(file.To), Url(file)).Append("\r\n");
            }

            await WriteAsync(response, lines.ToString(), cancellationToken);
            lines.Clear();
        }

        if (given < extract.Count)
        {
            await WriteAsync(response, string.Create(CultureInfo.InvariantCulture, $"# {extract.Count - given} files are outside your present scope and left out\r\n"), cancellationToken);
        }
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, extract.Id);
        json.WriteString("madeAt"u8, extract.MadeAt.UtcDateTime);
        json.WriteString("endsAt"u8, extract.EndsAt.UtcDateTime);
        WriteTexts(json, "trainsAskedFor", extract.Request.Trains);
        json.WriteString("from"u8, extract.Request.From.UtcDateTime);
        json.WriteString("to"u8, extract.Request.To.UtcDateTime);
        if (extract.Request.Sensors is { } sensors)
        {
            WriteTexts(json, "sensors", sensors);
        }
        else
        {
            json.WriteNull("sensors"u8);
        }

        json.WriteNumber("count"u8, extract.Count);
        json.WriteNumber("bytes"u8, extract.Bytes);
        json.WriteStartArray("items"u8);
    }

    private void Write(Utf8JsonWriter json, ExtractFile file)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, file.Key);
        json.WriteNumber("bytes"u8, file.Bytes);
        if (file.Checksum is { } checksum)
        {
            json.WriteStartObject("checksum"u8);
            json.WriteString("algorithm"u8, checksum.Algorithm);
            json.WriteString("value"u8, checksum.Value);
            json.WriteBoolean("ofParts"u8, checksum.OfParts);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("checksum"u8);
        }

        json.WriteString("storageClass"u8, file.StorageClass);
        WriteTexts(json, "trains", file.Trains);
        json.WriteString("from"u8, file.From.UtcDateTime);
        json.WriteString("to"u8, file.To.UtcDateTime);
        json.WriteString("url"u8, Url(file));
        json.WriteEndObject();
    }

    private string Url(ExtractFile file) => string.Create(CultureInfo.InvariantCulture, $"{address}/files/{file.Number}");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken) =>
        await response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
