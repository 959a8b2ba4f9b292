namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>Keeps the number of requests at once within bounds, per train and in all. Who comes later waits.</summary>
internal sealed class InFlight(int perTrain, int inAll) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _all = new(inAll, inAll);

    // Only trains that somebody is asking for: bounded by the callers.
    private readonly Dictionary<string, Gate> _trains = new(StringComparer.Ordinal);

    private sealed class Gate(int places)
    {
        public SemaphoreSlim Places { get; } = new(places, places);

        public int Users { get; set; }
    }

    /// <summary>Runs it as soon as there is room. The train's own place is taken first: a train with many requests must not hold places that others could use.</summary>
    public async Task<T> RunAsync<T>(string trainId, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        var gate = Enter(trainId);
        try
        {
            return await WithPlaceAsync(gate.Places, inner => WithPlaceAsync(_all, run, inner), cancellationToken);
        }
        finally
        {
            Leave(trainId, gate);
        }
    }

    public void Dispose() => _all.Dispose();

    private static async Task<T> WithPlaceAsync<T>(SemaphoreSlim places, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        try
        {
            return await run(cancellationToken);
        }
        finally
        {
            places.Release();
        }
    }

    private Gate Enter(string trainId)
    {
        lock (_lock)
        {
            if (!_trains.TryGetValue(trainId, out var gate))
            {
                _trains[trainId] = gate = new Gate(perTrain);
            }

            gate.Users++;
            return gate;
        }
    }

    private void Leave(string trainId, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
            {
                _trains.Remove(trainId);
                gate.Places.Dispose();
            }
        }
    }
}
