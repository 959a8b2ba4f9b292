using System.Text.Json;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>One planted fault as written down.</summary>
/// <param name="Car">Part of the sensor's id, e.g. <c>car3</c>.</param>
/// <param name="LookAlike">True for what is no fault and moves many sensors a little; it has no sensor and no car.</param>
internal sealed record TruthRow(string Kind, string TrainId, string Car, string Sensor, DateTimeOffset Start, DateTimeOffset End, double Strength, int Seed, bool LookAlike = false)
{
    /// <summary>The car in a sensor's id; empty when it names none.</summary>
    public static string CarOf(string sensor) => sensor.Split('.').ElementAtOrDefault(1) ?? "";
}

/// <summary>What was planted, one JSON object a line: for tests to hold alerts against. The product's other parts never read it.</summary>
internal sealed class TruthFile(string path) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SemaphoreSlim _writing = new(1);

    public async Task AppendAsync(TruthRow row, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.Serialize(row, Json) + "\n";
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await File.AppendAllTextAsync(path, line, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Everything planted so far. A line cut short by a kill is left out.</summary>
    public IReadOnlyList<TruthRow> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var rows = new List<TruthRow>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<TruthRow>(line, Json) is { } row)
                {
                    rows.Add(row);
                }
            }
            catch (JsonException)
            {
                // Cut short by a kill; the fault it names was never confirmed to anybody.
            }
        }

        return rows;
    }

    public void Dispose() => _writing.Dispose();
}
