using FsCheck;
using FsCheck.Fluent;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.OpenSearch;
using OpsPortal.Tests.Kit.Redshift;

namespace OpsPortal.Tests.Access;

/// <summary>One property for every path through the stores: nothing outside the scope comes, nothing inside is missing.</summary>
[Trait("Fault", "SEC-23")]
public sealed class StoreScopeTests
{
    private const int Worlds = 125;
    private const int Trains = 6;
    private const int Moves = 2;
    private const int Scopes = 8;

    [Fact]
    [Trait("Peer", "Embedded")]
    public void No_path_through_the_stores_shows_what_is_outside_the_scope_or_keeps_back_what_is_inside()
    {
        var cases = 0;
        Prop.ForAll(ScopeWorlds.Any(Trains, Moves, Scopes).ToArbitrary(), world => cases += CheckAsync(world, house => house).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Worlds));

        Assert.True(cases >= 10_000, $"Only {cases} cases were tried.");
    }

    [Fact]
    [Trait("Peer", "OpenSearch")]
    public void No_path_through_OpenSearch_shows_what_is_outside_the_scope_or_keeps_back_what_is_inside()
    {
        var cases = 0;
        Prop.ForAll(ScopeWorlds.Any(Trains, Moves, Scopes).ToArbitrary(), world => cases += CheckOnOpenSearchAsync(world).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(4));

        Assert.True(cases >= 350, $"Only {cases} cases were tried.");
    }

    [Fact]
    [Trait("Peer", "PostgreSQL")]
    public async Task No_query_of_Redshift_shows_what_is_outside_the_scope_or_keeps_back_what_is_inside()
    {
        await using var rig = await RedshiftRig.StartAsync();
        var warehouse = new OneOperator(rig.Open().Get<IWarehouse>());
        var cases = 0;
        Prop.ForAll(ScopeWorlds.Any(Trains, Moves, Scopes).ToArbitrary(), world => cases += CheckOnRedshiftAsync(rig, warehouse, world).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15));

        Assert.True(cases >= 120, $"Only {cases} cases were tried.");
    }

    public static TheoryData<string> Holes => [nameof(ITrainStore), nameof(IAlertStore), nameof(IAnomalyStore), nameof(IReadingStore), nameof(IWarehouse)];

    /// <summary>SEC-29: take the filter out of one adapter and the property goes red.</summary>
    [Theory]
    [MemberData(nameof(Holes))]
    [Trait("Fault", "SEC-29")]
    public void An_adapter_without_the_filter_is_found_out(string port)
    {
        StoreHouse Pierce(StoreHouse house) => port switch
        {
            nameof(ITrainStore) => house with { Trains = new OpenTrains(house.Trains) },
            nameof(IAlertStore) => house with { Alerts = new OpenAlerts(house.Alerts) },
            nameof(IAnomalyStore) => house with { Anomalies = new OpenAnomalies(house.Anomalies) },
            nameof(IWarehouse) => house with { Warehouse = new OpenWarehouse(house.Warehouse) },
            _ => house with { Readings = new OpenReadings(house.Readings) },
        };

        var red = Assert.ThrowsAny<Exception>(() => Prop.ForAll(ScopeWorlds.Any(Trains, Moves, Scopes).ToArbitrary(), world => CheckAsync(world, Pierce).GetAwaiter().GetResult() > 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20)));

        Assert.Contains("outside but shown", red.ToString(), StringComparison.Ordinal);
    }

    private static async Task<int> CheckAsync(ScopeWorld world, Func<StoreHouse, StoreHouse> pierce)
    {
        await using var embedded = new EmbeddedHouse();
        var stores = new StoreHouse(embedded.Get<ITrainStore>(), embedded.Get<IAlertStore>(), embedded.Get<IAnomalyStore>(), embedded.Get<IReadingStore>(), embedded.Get<AlertBook>(), embedded.Make<LiveFeed>(), embedded.Get<IWarehouse>());
        await world.KeepAsync(stores.Trains, stores.Alerts, stores.Anomalies, stores.Readings);
        await embedded.Get<WarehouseFilling>().FillAsync(default);
        stores.Feed.Restart(await embedded.Make<FeedSnapshotReader>().ReadAsync(default));
        var house = pierce(stores);
        foreach (var scope in world.Scopes)
        {
            foreach (var path in StorePaths.All)
            {
                await path.CheckAsync(house, scope, world);
            }
        }

        return world.Scopes.Count * StorePaths.All.Count;
    }

    private static async Task<int> CheckOnOpenSearchAsync(ScopeWorld world)
    {
        await using var rig = await OpenSearchRig.StartAsync();
        await using var house = new EmbeddedHouse(more: services => services.AddOpenSearchStores(rig.Configuration()));
        var stores = new StoreHouse(house.Get<ITrainStore>(), house.Get<IAlertStore>(), house.Get<IAnomalyStore>(), house.Get<IReadingStore>(), house.Get<AlertBook>(), house.Make<LiveFeed>(), house.Get<IWarehouse>());
        await world.KeepAsync(stores.Trains, stores.Alerts, stores.Anomalies, stores.Readings);
        stores.Feed.Restart(await house.Make<FeedSnapshotReader>().ReadAsync(default));
        // The embedded warehouse is made from embedded stores only.
        var paths = StorePaths.All.Where(path => !path.Name.StartsWith("warehouse", StringComparison.Ordinal)).ToList();
        foreach (var scope in world.Scopes)
        {
            foreach (var path in paths)
            {
                await path.CheckAsync(stores, scope, world);
            }
        }

        return world.Scopes.Count * paths.Count;
    }

    private static async Task<int> CheckOnRedshiftAsync(RedshiftRig rig, IWarehouse warehouse, ScopeWorld world)
    {
        await rig.AddAsync(world);
        var path = StorePaths.All.Single(path => path.Name.StartsWith("warehouse", StringComparison.Ordinal));
        foreach (var scope in world.Scopes)
        {
            await path.CheckAsync(new StoreHouse(null!, null!, null!, null!, null!, null!, warehouse), scope, world);
        }

        return world.Scopes.Count;
    }

    // Always the same operator, whose scope changes from query to query: what was told the database before must not hold any more.
    private sealed class OneOperator(IWarehouse warehouse) : IWarehouse
    {
        public WarehouseDialect Dialect => warehouse.Dialect;

        public Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => warehouse.RunAsync(user with { Id = "property" }, query, cancellationToken);

        public Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
