using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Tests.Access;

// Adapters with the one line missing: they show that the property notices.

internal sealed class OpenTrains(ITrainStore store) : ITrainStore
{
    public Task KeepAsync(IReadOnlyList<TrainState> states, CancellationToken cancellationToken) => store.KeepAsync(states, cancellationToken);

    public Task<TrainState?> GetAsync(Scope scope, string trainId, CancellationToken cancellationToken) => store.GetAsync(Scope.WholeFleet, trainId, cancellationToken);

    public Task<IReadOnlyList<TrainState>> FindAsync(Scope scope, string? after, int limit, CancellationToken cancellationToken) => store.FindAsync(Scope.WholeFleet, after, limit, cancellationToken);
}

internal sealed class OpenAlerts(IAlertStore store) : IAlertStore
{
    public Task<Alert?> GetAsync(Scope scope, string id, CancellationToken cancellationToken) => store.GetAsync(Scope.WholeFleet, id, cancellationToken);

    public Task<Alert> PutAsync(Alert alert, long expectedRevision, CancellationToken cancellationToken) => store.PutAsync(alert, expectedRevision, cancellationToken);

    public Task<IReadOnlyList<Alert>> FindAsync(Scope scope, AlertQuery query, CancellationToken cancellationToken) => store.FindAsync(Scope.WholeFleet, query, cancellationToken);

    public Task<IReadOnlyList<Alert>> FindUndeliveredAsync(string? trainId, int limit, CancellationToken cancellationToken) => store.FindUndeliveredAsync(trainId, limit, cancellationToken);
}

internal sealed class OpenAnomalies(IAnomalyStore store) : IAnomalyStore
{
    public Task AppendAsync(IReadOnlyList<Anomaly> anomalies, CancellationToken cancellationToken) => store.AppendAsync(anomalies, cancellationToken);

    public Task<IReadOnlyList<Anomaly>> FindAsync(Scope scope, AnomalyQuery query, CancellationToken cancellationToken) => store.FindAsync(Scope.WholeFleet, query, cancellationToken);
}

internal sealed class OpenReadings(IReadingStore store) : IReadingStore
{
    public Task KeepAsync(IReadOnlyList<ReadingWindow> windows, CancellationToken cancellationToken) => store.KeepAsync(windows, cancellationToken);

    public Task<IReadOnlyList<ReadingPoint>> FindAsync(Scope scope, string trainId, string sensor, DateTimeOffset from, DateTimeOffset to, TimeSpan resolution, CancellationToken cancellationToken) =>
        store.FindAsync(Scope.WholeFleet, trainId, sensor, from, to, resolution, cancellationToken);
}

internal sealed class OpenWarehouse(IWarehouse warehouse) : IWarehouse
{
    public WarehouseDialect Dialect => warehouse.Dialect;

    public Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => warehouse.RunAsync(user with { Scope = Scope.WholeFleet }, query, cancellationToken);

    public Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => warehouse.EstimateAsync(user with { Scope = Scope.WholeFleet }, query, cancellationToken);

    public Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken) => warehouse.DescribeAsync(user, cancellationToken);

    public Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken) => warehouse.FindRunningAsync(user, cancellationToken);
}
