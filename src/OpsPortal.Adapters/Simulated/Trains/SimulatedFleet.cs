using System.Collections.Frozen;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>All simulated trains and how far their time has come.</summary>
internal sealed class SimulatedFleet(IReadOnlyList<SimulatedTrain> trains)
{
    private readonly FrozenDictionary<string, SimulatedTrain> _byId = trains.ToFrozenDictionary(train => train.Id, StringComparer.Ordinal);
    private long _lastSecond;

    public IReadOnlyList<SimulatedTrain> Trains => trains;

    /// <summary>Unix second that was measured last.</summary>
    public long LastSecond
    {
        get => Volatile.Read(ref _lastSecond);
        set => Volatile.Write(ref _lastSecond, value);
    }

    /// <summary>Unix second from which on detectors can know the trains; 0 after an earlier run, which they remember.</summary>
    public long KnownSince { get; set; }

    public SimulatedTrain? Find(string trainId) => _byId.GetValueOrDefault(trainId);
}
