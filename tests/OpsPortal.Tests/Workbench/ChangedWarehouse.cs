using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Workbench;

/// <summary>The embedded warehouse, with something between it and the portal when a query runs.</summary>
/// <param name="run">Given the query, its cancellation and the way on.</param>
internal sealed class ChangedWarehouse(IWarehouse warehouse, Func<WarehouseQuery, CancellationToken, Func<Task<IWarehouseResult>>, Task<IWarehouseResult>> run) : IWarehouse
{
    public WarehouseDialect Dialect => warehouse.Dialect;

    /// <summary>A portal on it.</summary>
    public static PortalHost Host(Func<WarehouseQuery, CancellationToken, Func<Task<IWarehouseResult>>, Task<IWarehouseResult>> run, params (string Key, string Value)[] settings) =>
        new(services => services.AddSingleton<IWarehouse>(provider => new ChangedWarehouse(ActivatorUtilities.CreateInstance<Adapters.Embedded.Warehouse.EmbeddedWarehouse>(provider), run)), settings);

    public Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => run(query, cancellationToken, () => warehouse.RunAsync(user, query, cancellationToken));

    public Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => warehouse.EstimateAsync(user, query, cancellationToken);

    public Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken) => warehouse.DescribeAsync(user, cancellationToken);

    public Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken) => warehouse.FindRunningAsync(user, cancellationToken);
}
