namespace OpsPortal.Core.Fleet;

/// <summary>How connectivity follows from what is known of a train: the one place that decides green.</summary>
public static class ConnectivityRule
{
    /// <summary>A train is stale after this many expected intervals without a message…</summary>
    public const int StaleAfterIntervals = 3;

    /// <summary>…but never sooner than this.</summary>
    public static readonly TimeSpan StaleAfterAtLeast = TimeSpan.FromSeconds(10);

    /// <summary>How long a train may be silent before it is stale.</summary>
    public static TimeSpan StaleAfter(Train train)
    {
        var byInterval = train.ExpectedInterval * StaleAfterIntervals;
        return byInterval > StaleAfterAtLeast ? byInterval : StaleAfterAtLeast;
    }

    /// <summary>Connectivity at <paramref name="now"/> (our clock). Offline is known, stale is silence, unknown is never heard of.</summary>
    public static Connectivity At(TrainState state, DateTimeOffset now)
    {
        if (state.DisconnectedSince is not null)
        {
            return Connectivity.Offline;
        }

        if (state.ReceivedAt is not { } received)
        {
            return Connectivity.Unknown;
        }

        return now - received > StaleAfter(state.Train) ? Connectivity.Stale : Connectivity.Online;
    }
}
