using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Kit;

/// <summary>Reads the raw files that the product wrote, as a data scientist would: gzip, one JSON object a line.</summary>
public static class RawFolder
{
    /// <summary>All lines under <c>{data}/{kind}</c>, in the order of the files' names and within each file.</summary>
    public static List<byte[]> Read(string dataFolder, string kind)
    {
        var folder = Path.Combine(dataFolder, kind);
        var lines = new List<byte[]>();
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ndjson.gz", SearchOption.AllDirectories) : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                lines.Add(Encoding.UTF8.GetBytes(line));
            }
        }

        return lines;
    }

    /// <summary>The train's time in a line.</summary>
    public static DateTimeOffset MeasuredAt(byte[] line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("measuredAt").GetDateTimeOffset();
    }

    /// <summary>The line as a record of the source, received when it was measured.</summary>
    public static SourceRecord Record(byte[] line, long offset) => new(offset, SourceRecordKind.Telemetry, MeasuredAt(line), line);
}
