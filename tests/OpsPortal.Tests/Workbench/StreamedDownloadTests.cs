using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Workbench;

/// <summary>A download is never in memory as a whole: the query waits for who reads its rows.</summary>
public sealed class StreamedDownloadTests
{
    private const string Large = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i, 'some text that makes the row longer than it needs to be' AS filler FROM n";

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_query_waits_for_a_slow_reader_and_ends_when_the_reader_goes(string format)
    {
        var taken = new CountedRows();
        using var host = new PortalHost(
            services => services.AddSingleton<IWarehouse>(provider => taken.Around(ActivatorUtilities.CreateInstance<Adapters.Embedded.Warehouse.EmbeddedWarehouse>(provider))), ("Workbench:ScreenRows", "10"));
        using var caller = await host.SignedInAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync(Large);
        await caller.EndedAsync(id);
        var before = taken.Rows;

        var answer = await caller.GetAsync($"/api/queries/{id}/rows?format={format}", HttpCompletionOption.ResponseHeadersRead);
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[100_000]);
        var seen = 0L;
        await Eventually.IsTrueAsync("no more rows are taken", WorkbenchHouse.Patience, async () =>
        {
            var last = seen;
            seen = taken.Rows - before;
            await Task.Delay(300);
            return seen > 0 && last == seen;
        });

        // Some pieces of 128 kB on the way, of some sixty bytes a row; the whole is three million.
        Assert.InRange(seen, 1, 60_000);
        await body.DisposeAsync();
        answer.Dispose();
        await Eventually.IsTrueAsync("the query has ended", WorkbenchHouse.Patience, async () => (await host.Services.GetRequiredService<IWarehouse>().FindRunningAsync(WorkbenchHouse.Engineer(), default)).Count == 0);
    }

    /// <summary>Counts the rows that are taken of any result.</summary>
    private sealed class CountedRows
    {
        private long _rows;

        public long Rows => Interlocked.Read(ref _rows);

        public IWarehouse Around(IWarehouse warehouse) => new Warehouse(warehouse, this);

        private sealed class Warehouse(IWarehouse warehouse, CountedRows counted) : IWarehouse
        {
            public WarehouseDialect Dialect => warehouse.Dialect;

            public async Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => new Result(await warehouse.RunAsync(user, query, cancellationToken), counted);

            public Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken) => warehouse.EstimateAsync(user, query, cancellationToken);

            public Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken) => warehouse.DescribeAsync(user, cancellationToken);

            public Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken) => warehouse.FindRunningAsync(user, cancellationToken);
        }

        private sealed class Result(IWarehouseResult result, CountedRows counted) : IWarehouseResult
        {
            public string StatementId => result.StatementId;

            public IReadOnlyList<WarehouseColumn> Columns => result.Columns;

            public long Count => result.Count;

            public bool IsCut => result.IsCut;

            public string? this[int column] => result[column];

            public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
            {
                Interlocked.Increment(ref counted._rows);
                return result.ReadAsync(cancellationToken);
            }

            public ValueTask DisposeAsync() => result.DisposeAsync();
        }
    }
}
