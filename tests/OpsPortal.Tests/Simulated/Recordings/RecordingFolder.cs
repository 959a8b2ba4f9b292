using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>A folder for small recordings that a test writes as life would, and what comes of reading them.</summary>
public sealed class RecordingFolder : IDisposable
{
    /// <summary>A pump with one sensor; times are UTC.</summary>
    public const string Pump = """
        { "train": { "id": "pump-1" }, "separator": ";", "time": { "column": "at", "format": "yyyy-MM-dd HH:mm:ss", "zone": "UTC" },
          "expectedIntervalSeconds": 10, "subsystem": "airSupply", "columns": [ { "column": "oil", "sensor": "oilTemperature.car1", "unit": "°C" } ] }
        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("recordings").FullName;

    public string Write(string name, string descriptor, string rows)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path + ".json", descriptor);
        File.WriteAllText(path, rows);
        return path;
    }

    /// <summary>Everything that is wrong at the start, as one text.</summary>
    public string Mistakes(string descriptor, string rows) => string.Join('\n', RecordingFile.Find(Write("wrong.csv", descriptor, rows)).Mistakes);

    /// <summary>What the start says instead of playing it.</summary>
    public static string Refusal(string path)
    {
        using var shelf = new RecordingShelf();
        return Assert.Single(shelf.Open([path], TimeSpan.Zero));
    }

    internal RecordingFile Find(string descriptor, string rows, string name = "pump.csv") => Find(Write(name, descriptor, rows));

    internal static RecordingFile Find(string path)
    {
        var (file, mistakes) = RecordingFile.Find(path);
        Assert.Equal([], mistakes);
        return file!;
    }

    internal RecordingSurvey Survey(string descriptor, string rows) => RecordingSurvey.Of(Find(descriptor, rows), TimeSpan.Zero);

    internal (IReadOnlyList<TelemetryMessage> Messages, RecordingReport Report) Read(string descriptor, string rows, string name = "pump.csv") => ReadAll(Find(descriptor, rows, name));

    /// <summary>Every message that a recording becomes; holds that no row is unaccounted for.</summary>
    internal static (IReadOnlyList<TelemetryMessage> Messages, RecordingReport Report) ReadAll(RecordingFile file)
    {
        using var reader = new RecordingReader(file);
        using var writer = new RecordedMessageWriter(reader, file.Descriptor);
        var messages = new List<TelemetryMessage>();
        while (reader.Next())
        {
            if (!reader.Ends)
            {
                var body = new System.Buffers.ArrayBufferWriter<byte>();
                writer.Write(body, reader.MeasuredAt);
                messages.Add(TelemetryParser.Parse(body.WrittenMemory, reader.MeasuredAt).Message!);
            }
        }

        var report = reader.Report;
        Assert.Equal((report.RowsRead, report.Kept), (report.Kept + report.SetAside.Values.Sum(), messages.Count));
        return (messages, report);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
