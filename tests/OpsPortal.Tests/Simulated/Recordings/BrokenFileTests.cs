using System.IO.Compression;
using System.Text;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>Files that were cut off, or go away while they are played.</summary>
public sealed class BrokenFileTests : IDisposable
{
    private readonly RecordingFolder _folder = new();

    [Fact]
    public void A_gzip_that_was_cut_off_is_a_mistake_and_not_a_shorter_recording()
    {
        var path = Pack(20_000);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^200]);

        Assert.StartsWith($"Trains:Recordings:0: {path}: ", RecordingFolder.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_breaks_off_while_it_is_played_ends_with_the_reason_and_the_others_go_on()
    {
        var path = Pack(80_000);
        var other = _folder.Write("other.csv", RecordingFolder.Pump.Replace("pump-1", "pump-2", StringComparison.Ordinal), "at;oil\n2026-01-01 00:00:00;1\n2026-01-01 05:00:00;2\n");
        await using var bench = new TrainsBench(("Trains:Count", "0"), ("Trains:Speed", "3600"), ("Trains:Recordings:0", path), ("Trains:Recordings:1", other));
        await bench.StartAsync();
        // Opened and surveyed; now somebody truncates it.
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(file.Length - 500);
        }

        await bench.RunUntilAsync(() => bench.Get<IRecordings>().Reports.All(report => report.Finished), TimeSpan.FromMinutes(5));
        var reports = bench.Get<IRecordings>().Reports;

        Assert.NotEmpty(reports[0].Problem!);
        Assert.InRange(reports[0].RowsRead, 1, 79_999);
        Assert.Equal(reports[0].RowsRead, reports[0].Kept + reports[0].SetAside.Values.Sum());
        Assert.Equal((2, null), (reports[1].Kept, reports[1].Problem));
    }

    // Texts that hardly pack, so that what is cut off are rows.
    private string Pack(int rows)
    {
        var path = _folder.Write("pump.csv.gz", RecordingFolder.Pump, "");
        var text = new StringBuilder("at;oil\n");
        for (var row = 0; row < rows; row++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"2026-01-01 {row / 3600 % 24:00}:{row / 60 % 60:00}:{row % 60:00};{row * 7919L % 100_003 / 1000.0:0.000}\n");
        }

        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
