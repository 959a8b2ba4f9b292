using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>What one batch of records came to: everything that is to be kept before the source may forget it.</summary>
internal sealed class BatchFindings
{
    public List<DeadLetter> SetAside { get; } = [];

    public List<ReadingWindow> Windows { get; } = [];

    public List<Anomaly> Anomalies { get; } = [];

    public List<AlertChange> Changes { get; } = [];

    public Dictionary<string, TrainMemory> Changed { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<TrainState> States => [.. Changed.Values.Select(memory => memory.State)];

    public BatchCounts Counts { get; set; }

    public long LastOffset { get; set; }
}

/// <summary>Counts of one batch, for <see cref="PipelineFigures"/>.</summary>
internal readonly record struct BatchCounts(int Received, int Kept, int Presence, int Late, int OutOfOrder, int Duplicates, int BadPositions, int Jumps, int BadReadings, int UnknownFields, int Ahead, int OutOfRange, int Unregistered);
