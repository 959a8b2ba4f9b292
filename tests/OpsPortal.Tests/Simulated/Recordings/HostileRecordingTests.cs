using System.IO.Compression;
using System.Text;
using OpsPortal.Adapters.Simulated.Recordings;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>BAD-52: files that are made to fill the memory.</summary>
[Trait("Fault", "BAD-52")]
public sealed class HostileRecordingTests : IDisposable
{
    private const string Descriptor = """
        { "train": { "id": "pump-1" }, "time": { "column": "at", "format": "yyyy-MM-dd HH:mm:ss", "zone": "UTC" }, "expectedIntervalSeconds": 10,
          "subsystem": "airSupply", "columns": [ { "column": "oil", "sensor": "oilTemperature.car1", "unit": "°C" } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hostile").FullName;

    [Fact]
    public void A_small_file_that_unpacks_without_end_is_refused()
    {
        var path = Pack("at,oil\n", "2026-11-21 20:00:00,1\n", 40 * 1024 * 1024);

        Assert.Contains("unpacks to more than 200 times", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused() =>
        Assert.Contains("has a line of more than 1048576 bytes", Refusal(Pack("at,oil\n2026-11-21 20:00:00,1\n", "aaaaaaaaaaaaaaaa", 3 * 1024 * 1024)), StringComparison.Ordinal);

    [Fact]
    public void A_repetitive_file_of_common_size_is_read()
    {
        var path = Pack("at,oil\n", "2026-11-21 20:00:00,1\n", 1024 * 1024);

        Assert.Empty(RecordingFile.Find(path).Mistakes);
        Assert.Single(RecordingSurvey.Of(RecordingFile.Find(path).File!, TimeSpan.Zero).Trains);
    }

    private static string Refusal(string path)
    {
        var (file, mistakes) = RecordingFile.Find(path);
        return file is null ? string.Join(' ', mistakes) : Assert.Throws<InvalidDataException>(() => RecordingSurvey.Of(file, TimeSpan.Zero)).Message;
    }

    private string Pack(string head, string again, int bytes)
    {
        var path = Path.Combine(_folder, "bomb.csv.gz");
        File.WriteAllText(path + ".json", Descriptor);
        using var packed = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        packed.Write(Encoding.UTF8.GetBytes(head));
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(again, 4_096)));
        for (var written = 0; written < bytes; written += block.Length)
        {
            packed.Write(block);
        }

        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
