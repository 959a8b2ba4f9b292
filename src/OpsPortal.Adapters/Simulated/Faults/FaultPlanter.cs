using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>Plants faults on the fleet, by hand and by chance, and writes down the truth.</summary>
internal sealed class FaultPlanter(SimulatedFleet fleet, TruthFile truth, int fleetSeed) : IFaultPlanter
{
    private const int ShortestSeconds = 180;
    private const int LongestSeconds = 300;
    private const int NamesInMessage = 50;

    private readonly Lock _lock = new();
    private int _drawn;

    public IReadOnlyList<string> Kinds { get; } = [.. FaultKind.All.Select(kind => kind.Name)];

    public async Task<PlantedFault> PlantAsync(string? trainId, string? kind, int? seed, CancellationToken cancellationToken)
    {
        var drawnSeed = seed ?? unchecked((fleetSeed * 7919) + Interlocked.Increment(ref _drawn));
        var key = Chance.Key((ulong)drawnSeed, "plant");
        var chosenKind = kind is null ? Draw(FaultKind.All, key, 0) : Named(kind);
        var now = fleet.LastSecond;
        var train = trainId is null ? Draw(TrainChoice.Find(fleet.Trains, chosenKind, now), key, 1) : Named(trainId, chosenKind);
        var fault = Make(train, chosenKind, now + 1, key, drawnSeed);

        // First written down, then felt: no fault without its truth.
        await truth.AppendAsync(Row(fault), cancellationToken);
        Give(train, fault, now);
        return fault.Planted;
    }

    /// <summary>Gives back, after a restart, the faults that are not over yet.</summary>
    public void Restore(long second)
    {
        foreach (var row in truth.Read().Where(row => row.End.ToUnixTimeSeconds() > second))
        {
            if (fleet.Find(row.TrainId) is { } train && FaultKind.All.FirstOrDefault(kind => kind.Name == row.Kind) is { } kind)
            {
                Give(train, new SensorFault(new PlantedFault(row.TrainId, row.Kind, row.Sensor, row.Start, row.End), kind, row.Strength, row.Seed), second);
            }
        }
    }

    private static SensorFault Make(SimulatedTrain train, FaultKind kind, long start, ulong key, int seed)
    {
        var sensors = train.Sensors.ToArray().Where(sensor => sensor.Kind == kind.SensorKind).ToList();
        var strength = kind.Weakest + ((kind.Strongest - kind.Weakest) * Chance.Uniform(key, 3));
        var seconds = ShortestSeconds + (long)((LongestSeconds - ShortestSeconds) * Chance.Uniform(key, 4));
        var from = DateTimeOffset.FromUnixTimeSeconds(start);
        return new SensorFault(new PlantedFault(train.Id, kind.Name, Draw(sensors, key, 2).Id, from, from.AddSeconds(seconds)), kind, Math.Round(strength, 3), seed);
    }

    private void Give(SimulatedTrain train, SensorFault fault, long second)
    {
        lock (_lock)
        {
            train.Faults = [.. train.Faults.Where(other => !other.IsOver(second)), fault];
        }
    }

    private static TruthRow Row(SensorFault fault)
    {
        var (planted, car) = (fault.Planted, fault.Planted.Sensor.Split('.').ElementAtOrDefault(1) ?? "");
        return new TruthRow(planted.Kind, planted.TrainId, car, planted.Sensor, planted.Start, planted.End, fault.Strength, fault.Seed);
    }

    private static T Draw<T>(IReadOnlyList<T> from, ulong key, ulong number) => from[(int)(Chance.Uniform(key, number) * from.Count)];

    private static FaultKind Named(string kind) =>
        FaultKind.All.FirstOrDefault(known => known.Name == kind)
        ?? throw new ArgumentException($"There is no fault of kind '{kind}'; there are {string.Join(", ", FaultKind.All.Select(known => known.Name))}.", nameof(kind));

    private SimulatedTrain Named(string trainId, FaultKind kind)
    {
        var train = fleet.Find(trainId)
            ?? throw new ArgumentException($"There is no simulated train '{trainId}'; there are {Names()}.", nameof(trainId));
        return TrainChoice.Carries(train, kind)
            ? train
            : throw new ArgumentException($"Train '{trainId}' has no sensor for {kind.Name}; it carries {string.Join(", ", train.Sensors.ToArray().Select(sensor => sensor.Id))}.", nameof(trainId));
    }

    private string Names()
    {
        var names = string.Join(", ", fleet.Trains.Take(NamesInMessage).Select(train => train.Id));
        return fleet.Trains.Count <= NamesInMessage ? names : $"{names} and {fleet.Trains.Count - NamesInMessage} more";
    }
}
