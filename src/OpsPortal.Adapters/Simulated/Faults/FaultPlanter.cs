using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>Plants faults and look-alikes on the fleet, by hand and by chance, and writes down the truth.</summary>
internal sealed class FaultPlanter(SimulatedFleet fleet, TruthFile truth, int fleetSeed) : IFaultPlanter
{
    private const int ShortestSeconds = 180;
    private const int LongestSeconds = 300;
    private const int LookAlikeLastsTimes = 20;
    private const int NamesInMessage = 50;

    private readonly Lock _lock = new();
    private int _drawn;

    public IReadOnlyList<string> Kinds { get; } = [.. FaultKind.All.Select(kind => kind.Name), .. LookAlikeKind.All.Select(kind => kind.Name)];

    public async Task<PlantedFault> PlantAsync(string? trainId, string? kind, int? seed, CancellationToken cancellationToken)
    {
        var drawnSeed = seed ?? unchecked((fleetSeed * 7919) + Interlocked.Increment(ref _drawn));
        var key = Chance.Key((ulong)drawnSeed, "plant");
        if (LookAlikeKind.All.FirstOrDefault(known => known.Name == kind) is { } lookAlike)
        {
            return await PlantAsync(trainId, lookAlike, key, drawnSeed, cancellationToken);
        }

        return await PlantAsync(trainId, kind is null ? Draw(Telling(trainId), key, 0) : KindNamed(kind), key, drawnSeed, cancellationToken);
    }

    /// <summary>Plants a fault of any kind, told or not, on a train drawn by the seed.</summary>
    public Task<PlantedFault> PlantAnyAsync(int seed, CancellationToken cancellationToken)
    {
        var key = Chance.Key((ulong)seed, "plant");
        return PlantAsync(null, Draw(FaultKind.All, key, 0), key, seed, cancellationToken);
    }

    // Whoever plants any fault by hand wants to see its alert.
    private List<FaultKind> Telling(string? trainId)
    {
        var (train, watched) = (trainId is null ? null : TrainNamed(trainId), fleet.LastSecond - fleet.KnownSince);
        return [.. FaultKind.All.Where(kind => kind.WatchedSeconds <= watched && (train is null || TrainChoice.Carries(train, kind)))];
    }

    private async Task<PlantedFault> PlantAsync(string? trainId, FaultKind chosenKind, ulong key, int drawnSeed, CancellationToken cancellationToken)
    {
        var now = fleet.LastSecond;
        var train = trainId is null ? Draw(TrainChoice.Find(fleet.Trains, chosenKind, now, fleet.KnownSince, key), key, 1) : TrainNamed(trainId, chosenKind);
        var fault = Make(train, chosenKind, now + 1, key, drawnSeed);

        // First written down, then felt: no fault without its truth.
        await truth.AppendAsync(Row(fault), cancellationToken);
        Give(train, fault, now);
        return fault.Planted;
    }

    /// <summary>Plants a look-alike on a train drawn by the seed.</summary>
    public Task<PlantedFault> PlantLookAlikeAsync(int seed, CancellationToken cancellationToken)
    {
        var key = Chance.Key((ulong)seed, "plant");
        return PlantAsync(null, Draw(LookAlikeKind.All, key, 0), key, seed, cancellationToken);
    }

    /// <summary>Gives back, after a restart, what is not over yet.</summary>
    public void Restore(long second)
    {
        foreach (var row in truth.Read().Where(row => row.End.ToUnixTimeSeconds() > second))
        {
            var planted = new PlantedFault(row.TrainId, row.Kind, row.Sensor, row.Start, row.End);
            if (fleet.Find(row.TrainId) is not { } train)
            {
                continue;
            }

            if (FaultKind.All.FirstOrDefault(kind => kind.Name == row.Kind) is { } kind)
            {
                Give(train, new SensorFault(planted, kind, row.Strength, row.Seed), second);
            }
            else if (LookAlikeKind.All.FirstOrDefault(kind => kind.Name == row.Kind) is { } lookAlike)
            {
                Give(train, new LookAlike(planted, lookAlike, row.Strength), second);
            }
        }
    }

    private async Task<PlantedFault> PlantAsync(string? trainId, LookAlikeKind kind, ulong key, int seed, CancellationToken cancellationToken)
    {
        var now = fleet.LastSecond;
        var train = trainId is null ? Draw(fleet.Trains, key, 1) : TrainNamed(trainId);
        var (from, seconds) = (DateTimeOffset.FromUnixTimeSeconds(now + 1), LookAlikeLastsTimes * Seconds(key));
        var (planted, strength) = (new PlantedFault(train.Id, kind.Name, "", from, from.AddSeconds(seconds)), Strength(kind.Weakest, kind.Strongest, key));
        await truth.AppendAsync(new TruthRow(kind.Name, train.Id, "", "", planted.Start, planted.End, strength, seed, LookAlike: true), cancellationToken);
        Give(train, new LookAlike(planted, kind, strength), now);
        return planted;
    }

    private static SensorFault Make(SimulatedTrain train, FaultKind kind, long start, ulong key, int seed)
    {
        var sensor = Draw([.. train.Sensors.ToArray().Where(kind.ShowsOn)], key, 2).Id;
        var strength = kind.Name == FaultKind.Stuck ? train.HealthyReading(sensor, start) : Strength(kind.Weakest, kind.Strongest, key);
        var end = start + Seconds(key);

        // Doors that are well again say so only when they have moved again.
        end = kind.Seen == Seen.AtDoors ? train.DoorsClosedAfter(end) : end;
        var planted = new PlantedFault(train.Id, kind.Name, sensor, DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(end));
        return new SensorFault(planted, kind, strength, seed);
    }

    private static double Strength(double weakest, double strongest, ulong key) => Math.Round(weakest + ((strongest - weakest) * Chance.Uniform(key, 3)), 3);

    private static long Seconds(ulong key) => ShortestSeconds + (long)((LongestSeconds - ShortestSeconds) * Chance.Uniform(key, 4));

    private void Give(SimulatedTrain train, SensorFault fault, long second)
    {
        lock (_lock)
        {
            train.Faults = [.. train.Faults.Where(other => !other.IsOver(second)), fault];
        }
    }

    private void Give(SimulatedTrain train, LookAlike lookAlike, long second)
    {
        lock (_lock)
        {
            train.LookAlikes = [.. train.LookAlikes.Where(other => !other.IsOver(second)), lookAlike];
        }
    }

    private static TruthRow Row(SensorFault fault)
    {
        var (planted, car) = (fault.Planted, TruthRow.CarOf(fault.Planted.Sensor));
        return new TruthRow(planted.Kind, planted.TrainId, car, planted.Sensor, planted.Start, planted.End, fault.Strength, fault.Seed);
    }

    private static T Draw<T>(IReadOnlyList<T> from, ulong key, ulong number) => from[(int)(Chance.Uniform(key, number) * from.Count)];

    private FaultKind KindNamed(string kind) =>
        FaultKind.All.FirstOrDefault(known => known.Name == kind)
        ?? throw new ArgumentException($"There is no fault of kind '{kind}'; there are {string.Join(", ", Kinds)}.", nameof(kind));

    private SimulatedTrain TrainNamed(string trainId) =>
        fleet.Find(trainId) ?? throw new ArgumentException($"There is no simulated train '{trainId}'; there are {Names()}.", nameof(trainId));

    private SimulatedTrain TrainNamed(string trainId, FaultKind kind)
    {
        var train = TrainNamed(trainId);
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
