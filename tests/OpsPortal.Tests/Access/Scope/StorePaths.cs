using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Access;

/// <summary>The stores and the feed that stands on them.</summary>
internal sealed record StoreHouse(ITrainStore Trains, IAlertStore Alerts, IAnomalyStore Anomalies, IReadingStore Readings, AlertBook Book, LiveFeed Feed, IWarehouse Warehouse);

/// <summary>Every path through stores and feed. A new one joins with one line.</summary>
internal static class StorePaths
{
    private static readonly DateTimeOffset End = Samples.Start.AddHours(1);

    public static IReadOnlyList<ScopePath<StoreHouse>> All { get; } =
    [
        new("trains, listed", async (house, user, _) => (await PagesAsync<TrainState>(last => house.Trains.FindAsync(user.Scope, last?.Train.Identity.Id, 3, default))).Select(state => state.Train.Identity.Id), Trains),
        new("trains, each by its id", (house, user, world) => EachAsync(world.Present, async train => (await house.Trains.GetAsync(user.Scope, train.Id, default))?.Train.Identity.Id), Trains),
        new("alerts, listed", async (house, user, _) => (await PagesAsync<Alert>(last => house.Alerts.FindAsync(user.Scope, Query(null, last), default))).Select(alert => alert.Id), Alerts),
        new("alerts, by train", (house, user, world) => EachAsync(world.Present, async train => (await house.Alerts.FindAsync(user.Scope, Query(train.Id, null), default)).SingleOrDefault()?.Id), Alerts),
        new("alerts, each by its id", (house, user, world) => EachAsync(world.Present, async train => (await house.Alerts.GetAsync(user.Scope, ScopeWorld.AlertOf(train), default))?.Id), Alerts),
        new("alerts, acknowledged by id", (house, user, world) => EachAsync(world.Present, async train =>
            (await house.Book.AcknowledgeAsync(user, ScopeWorld.AlertOf(train), "seen", null, default)) is { Outcome: not AcknowledgeOutcome.NotFound } result ? result.Id : null), Alerts),
        new("anomalies, listed", async (house, user, _) => (await PagesAsync<Anomaly>(last => house.Anomalies.FindAsync(user.Scope, Query(last), default))).Select(anomaly => anomaly.Id), Anomalies),
        new("anomalies, by train", async (house, user, world) => (await Task.WhenAll(world.Trains.Select(train => house.Anomalies.FindAsync(user.Scope, new(null, null, train.Id, null, null, 1_000), default)))).SelectMany(found => found).Select(anomaly => anomaly.Id), Anomalies),
        new("readings", async (house, user, world) => (await Task.WhenAll(world.Trains.Select(train => PointsAsync(house, user.Scope, world, train)))).SelectMany(ids => ids), Readings),
        new("feed, trains", (house, user, _) => Task.FromResult(house.Feed.Current(user.Scope).Trains.Select(view => view.State.Train.Identity.Id)), Trains),
        new("feed, alerts", (house, user, _) => Task.FromResult(house.Feed.Current(user.Scope).Alerts.Select(alert => alert.Id)), Alerts),
        new("feed, anomalies", (house, user, _) => Task.FromResult(house.Feed.Current(user.Scope).Anomalies.Select(anomaly => anomaly.Id)), Anomalies),
        new("feed, each train by its id", (house, user, world) => EachAsync(world.Present, train => Task.FromResult(house.Feed.Find(user.Scope, train.Id)?.State.Train.Identity.Id)), Trains),
        new("warehouse, every table", (house, user, _) => WarehouseAsync(house, user), (world, scope) => [.. Trains(world, scope), .. Alerts(world, scope), .. Anomalies(world, scope), .. Minutes(world, scope)]),
    ];

    public static IEnumerable<string> Trains(ScopeWorld world, Scope scope) => ScopeWorld.Inside(scope, world.Present);

    // An alert goes where its train goes.
    public static IEnumerable<string> Alerts(ScopeWorld world, Scope scope) => world.Present.Where(train => ScopeWorld.Holds(scope, train)).Select(ScopeWorld.AlertOf);

    // What was measured stays with whom it was measured.
    public static IEnumerable<string> Anomalies(ScopeWorld world, Scope scope) => world.Ever.Select((train, i) => (train, i)).Where(fact => ScopeWorld.Holds(scope, fact.train)).Select(fact => ScopeWorld.AnomalyOf(fact.train, fact.i));

    private static IEnumerable<string> Readings(ScopeWorld world, Scope scope) => world.Ever.Select((train, i) => (train, i)).Where(fact => ScopeWorld.Holds(scope, fact.train)).Select(fact => $"{fact.train.Id}@{fact.i}");

    // Minutes too stay with whom they were measured.
    private static IEnumerable<string> Minutes(ScopeWorld world, Scope scope) => world.Ever.Where(train => ScopeWorld.Holds(scope, train)).Select(train => $"{train.Id} of {train.Depot}, {train.Line}, {train.Class}");

    private static async Task<IEnumerable<string>> WarehouseAsync(StoreHouse house, User user)
    {
        const string Text = """
            SELECT train FROM trains UNION ALL SELECT id FROM alerts UNION ALL SELECT id FROM anomalies
            UNION ALL SELECT train || ' of ' || depot || ', ' || line || ', ' || class FROM readings_minute
            UNION ALL SELECT train || ' of ' || depot || ', ' || line || ', ' || class FROM train_minutes
            """;
        await using var result = await house.Warehouse.RunAsync(user, new WarehouseQuery(Text, new Dictionary<string, object?>()), default);
        var ids = new List<string>();
        while (await result.ReadAsync(default))
        {
            ids.Add(result[0]!);
        }

        return ids;
    }

    private static async Task<IEnumerable<string>> PointsAsync(StoreHouse house, Scope scope, ScopeWorld world, TrainIdentity train) =>
        (await house.Readings.FindAsync(scope, train.Id, ScopeWorld.Sensor, Samples.Start, End, TimeSpan.FromSeconds(10), default)).Select(point => $"{train.Id}@{(int)((point.At - Samples.Start) / TimeSpan.FromSeconds(10))}");

    private static AlertQuery Query(string? train, Alert? last) => new(null, null, train, null, null, last is null ? null : new(last.Episode.RaisedAt, last.Id), 3);

    private static AnomalyQuery Query(Anomaly? last) => new(null, null, null, null, last is null ? null : new(last.MeasuredAt, last.Id), 3);

    private static async Task<List<T>> PagesAsync<T>(Func<T?, Task<IReadOnlyList<T>>> next)
        where T : class
    {
        var all = new List<T>();
        IReadOnlyList<T> page;
        do
        {
            page = await next(all.LastOrDefault());
            all.AddRange(page);
        }
        while (page.Count > 0);
        return all;
    }

    private static async Task<IEnumerable<string>> EachAsync(IEnumerable<TrainIdentity> trains, Func<TrainIdentity, Task<string?>> ask)
    {
        var came = new List<string>();
        foreach (var train in trains)
        {
            if (await ask(train) is { } id)
            {
                came.Add(id);
            }
        }

        return came;
    }
}
