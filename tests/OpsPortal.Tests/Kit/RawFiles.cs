using System.IO.Compression;
using System.Text.Json;

namespace OpsPortal.Tests.Kit;

/// <summary>Reads raw files as a data scientist would: unzip, one JSON object a line.</summary>
internal static class RawFiles
{
    /// <summary>Keys of all files below the data folder, in order.</summary>
    public static List<string> Keys(string folder) =>
        Directory.EnumerateFiles(folder, "*.ndjson.gz", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .ToList();

    /// <summary>Lines of one file.</summary>
    public static List<string> Lines(string folder, string key)
    {
        using var gzip = new GZipStream(File.OpenRead(Path.Combine(folder, key)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>The sequence of every message in every file.</summary>
    public static List<long> Sequences(string folder) =>
        Keys(folder).SelectMany(key => Lines(folder, key)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64()).ToList();
}
