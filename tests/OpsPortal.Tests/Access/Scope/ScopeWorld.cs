using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Access;

/// <summary>A generated fleet: who is where at first, who moves to where, and who looks at it.</summary>
internal sealed record ScopeWorld(string Name, IReadOnlyList<TrainIdentity> Trains, IReadOnlyList<TrainIdentity> Moves, IReadOnlyList<Scope> Scopes)
{
    public const string Sensor = "oilTemperature.car1.axle1";

    /// <summary>The trains as they are after all moves.</summary>
    public IReadOnlyList<TrainIdentity> Present { get; } = [.. Trains.Select(train => Moves.LastOrDefault(move => move.Id == train.Id) ?? train)];

    /// <summary>Every identity under which something was measured: before and after moves.</summary>
    public IReadOnlyList<TrainIdentity> Ever { get; } = [.. Trains, .. Moves];

    /// <summary>Ids of trains a user may see, as the rule is said: in every dimension the user's list is absent or holds the train's.</summary>
    public static HashSet<string> Inside(Scope scope, IEnumerable<TrainIdentity> trains) => [.. trains.Where(train => Holds(scope, train)).Select(train => train.Id)];

    // Said anew on purpose: the product's own Includes is what is tested.
    public static bool Holds(Scope scope, TrainIdentity train) =>
        (scope.Depots is null || scope.Depots.Any(depot => depot == train.Depot))
        && (scope.Lines is null || scope.Lines.Any(line => line == train.Line))
        && (scope.Classes is null || scope.Classes.Any(name => name == train.Class));

    public static string AlertOf(TrainIdentity train) => $"{train.Id}.alert";

    // Facts belong to where the train was when they were measured: one for each identity it had.
    public static string AnomalyOf(TrainIdentity train, int place) => $"{train.Id}.anomaly{place}";

    public static TrainState State(TrainIdentity train, long offset) => Samples.State(train, offset) with
    {
        Train = Samples.Train(train) with { Name = $"name of {train.Id}" },
        Readings = new Dictionary<string, LatestReading> { [Sensor] = new(61.2, Samples.Start) },
    };

    public static Alert Alert(TrainIdentity train) => Samples.Alert(AlertOf(train), train, Samples.Start) is var alert
        ? alert with { Episode = alert.Episode with { Explanation = $"explained for {train.Id}" } }
        : throw new InvalidOperationException();

    public static Anomaly Anomaly(TrainIdentity train, int place) => Samples.Anomaly(AnomalyOf(train, place), train, Samples.Start.AddSeconds(place));

    public static ReadingWindow Window(TrainIdentity train, int place) => new(
        train, Samples.Start.AddSeconds(10 * place), place, 1, Samples.Start.AddSeconds(10 * place), false, new Dictionary<string, ReadingFigures> { [Sensor] = new(1, 1, 1, 1) });

    /// <summary>Puts the world into stores: first as it was, then move by move.</summary>
    public async Task KeepAsync(ITrainStore trains, IAlertStore alerts, IAnomalyStore anomalies, IReadingStore readings)
    {
        await trains.KeepAsync([.. Trains.Select((train, i) => State(train, i + 1))], default);
        await anomalies.AppendAsync([.. Ever.Select(Anomaly)], default);
        await readings.KeepAsync([.. Ever.Select(Window)], default);
        foreach (var train in Trains)
        {
            await alerts.PutAsync(Alert(train), 0, default);
        }

        for (var i = 0; i < Moves.Count; i++)
        {
            await trains.KeepAsync([State(Moves[i], Trains.Count + i + 1)], default);
        }
    }

    public override string ToString() =>
        $"{Name}: {string.Join("; ", Trains)}\nmoves: {string.Join("; ", Moves)}\nscopes: {string.Join("  ", Scopes.Select(scope => scope.Key))}";
}
