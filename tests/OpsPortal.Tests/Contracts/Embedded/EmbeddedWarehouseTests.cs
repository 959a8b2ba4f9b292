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

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();
}
