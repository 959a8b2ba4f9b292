using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Workbench;

/// <summary>The portal with two trains of different depots in its warehouse, and engineers who ask it.</summary>
public sealed class WorkbenchHouse : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Counts to two thousand millions.</summary>
    public const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";

    public WorkbenchHouse(params (string Key, string Value)[] settings) =>
        Host = new PortalHost([("Data:WarehouseInterval", "00:00:01"), .. settings]);

    public PortalHost Host { get; }

    public void Dispose() => Host.Dispose();

    public static User Engineer(string name = "Engineer One", Scope? scope = null, Role role = Role.Engineer) => new($"workbench:{name}", name, new HashSet<Role> { role }, scope ?? Core.Access.Scope.WholeFleet);

    public Task<HttpClient> AsAsync(User user) => Host.SignedInAsync(user);

    /// <summary>Waits until the warehouse holds both trains' alerts.</summary>
    public async Task FillAsync()
    {
        var (trains, alerts, anomalies) = (Host.Services.GetRequiredService<ITrainStore>(), Host.Services.GetRequiredService<IAlertStore>(), Host.Services.GetRequiredService<IAnomalyStore>());
        await trains.KeepAsync([Samples.State(Samples.Longsight(), 1), Samples.State(Samples.Crofton(), 2)], default);
        await anomalies.AppendAsync([Samples.Anomaly("a1", Samples.Longsight(), Samples.Start), Samples.Anomaly("a2", Samples.Crofton(), Samples.Start)], default);
        await alerts.PutAsync(Samples.Alert("a1", Samples.Longsight(), Samples.Start), 0, default);
        await alerts.PutAsync(Samples.Alert("a2", Samples.Crofton(), Samples.Start), 0, default);
        var readings = Host.Services.GetRequiredService<IReadingStore>();
        await readings.KeepAsync(
            [.. new[] { Samples.Longsight(), Samples.Crofton() }.Select(train => new ReadingWindow(train, Samples.Start, 1, 10, Samples.Start, false, new Dictionary<string, ReadingFigures> { ["axleBoxTemperature.car3.axle2.right"] = new(60, 615, 63, 10) }))],
            default);
        var warehouse = Host.Services.GetRequiredService<IWarehouse>();
        await Eventually.IsTrueAsync("the warehouse is filled", Patience, async () =>
        {
            await using var result = await warehouse.RunAsync(Engineer(), new WarehouseQuery("SELECT (SELECT COUNT(*) FROM alerts) + (SELECT COUNT(*) FROM readings_minute)", new Dictionary<string, object?>()), default);
            return await result.ReadAsync(default) && result[0] == "4";
        });
    }
}
