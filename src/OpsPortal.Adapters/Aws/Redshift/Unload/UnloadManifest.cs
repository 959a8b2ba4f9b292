using System.Text.Json;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>What Redshift says it has written (MANIFEST VERBOSE).</summary>
internal static class UnloadManifest
{
    /// <summary>Name within the place.</summary>
    public const string Name = "manifest";

    /// <summary>The files it names, and the rows of all. Null when it is no such manifest, or names what is not in this folder.</summary>
    /// <param name="folder">Bucket and folder, as <c>s3://…/</c>.</param>
    /// <param name="prefix">The folder's key.</param>
    public static (IReadOnlyList<UnloadedFile> Files, long? Rows)? Read(byte[] bytes, string folder, string prefix)
    {
        try
        {
            using var manifest = JsonDocument.Parse(bytes);
            var files = manifest.RootElement.GetProperty("entries").EnumerateArray().Select(entry => File(entry, folder, prefix)).ToList();
            return files.Contains(null) ? null : (files!, Number(manifest.RootElement, "record_count"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static UnloadedFile? File(JsonElement entry, string folder, string prefix)
    {
        var url = entry.GetProperty("url").GetString();
        return url is not null && url.StartsWith(folder, StringComparison.Ordinal) && url[folder.Length..] is { Length: > 0 } name && name.All(IsNames)
            ? new UnloadedFile(name, prefix + name, Number(entry, "content_length"), Number(entry, "record_count"))
            : null;
    }

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty("meta", out var meta) && meta.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : null;

    private static bool IsNames(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}
