using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedWarehouseTests : WarehouseContract, IAsyncLifetime
{
    private readonly EmbeddedHouse _house = new();
    private long _offset;

    protected override IWarehouse Warehouse => _house.Get<IWarehouse>();

    protected override async Task AddAsync(TrainIdentity train, string id, DateTimeOffset at)
    {
        await _house.Get<ITrainStore>().KeepAsync([Samples.State(train, ++_offset)], default);
        await _house.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly(id, train, at)], default);
        await _house.Get<IAlertStore>().PutAsync(Samples.Alert(id, train, at), 0, default);
        var window = new ReadingWindow(train, at.AddTicks(-(at.Ticks % TimeSpan.FromSeconds(10).Ticks)), 1, 10, at, false, new Dictionary<string, ReadingFigures> { ["axleBoxTemperature.car3.axle2.right"] = new(60, 615, 63, 10) });
        await _house.Get<IReadingStore>().KeepAsync([window], default);
        await _house.Get<WarehouseFilling>().FillAsync(default);
    }

    [Fact]
    public async Task Loops_in_loops_weigh_as_much_as_they_go_round()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            await AddAsync(Samples.Longsight(), $"a{i}", Samples.Start.AddMinutes(i));
        }

        var user = Engineer(Core.Access.Scope.WholeFleet);
        Assert.Equal(3, (await EstimateAsync(user, "SELECT COUNT(*) FROM anomalies")).Weight);
        Assert.Equal(27, (await EstimateAsync(user, "SELECT COUNT(*) FROM anomalies a, anomalies b, anomalies c")).Weight);
        Assert.Equal(3, (await EstimateAsync(user, "SELECT * FROM anomalies a JOIN trains t ON t.train = a.train")).Weight);
        Assert.Equal(6, (await EstimateAsync(user, "SELECT id FROM anomalies UNION ALL SELECT id FROM alerts")).Weight);
        Assert.Equal(2, (await EstimateAsync(user, "SELECT * FROM anomalies LIMIT 2")).Weight);
        Assert.Equal(["reads all of alerts, 3 rows"], (await EstimateAsync(user, "SELECT SUM(alerts) FROM alerts_by_day")).Words);
    }

    [Fact]
    public async Task A_row_that_would_fill_the_memory_ends_the_query_and_the_rows_before_it_are_given()
    {
        var user = Engineer(Core.Access.Scope.WholeFleet);
        await using var result = await RunAsync(user, "VALUES (1, NULL), (2, randomblob(2400000)), (3, randomblob(2600000))");

        Assert.True(await result.ReadAsync(default));
        Assert.True(await result.ReadAsync(default));
        Assert.Equal(4_800_000, result[1]!.Length);
        Assert.Contains("longer than 5,000,000 characters", (await Assert.ThrowsAsync<QueryFailedException>(async () => await result.ReadAsync(default))).Message);
        Assert.Equal(["1"], await ReadAsync(user, "SELECT 1"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();
}
