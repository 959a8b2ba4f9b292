using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Workbench;

/// <summary>A download is never in memory as a whole: the query waits for who reads its rows.</summary>
public sealed class StreamedDownloadTests
{
    private const string Large = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i, 'some text that makes the row longer than it needs to be' AS filler FROM n";

    // Some milliseconds for each row, and all of them less than is sent at once.
    private const string Slow =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) SELECT i, (WITH RECURSIVE m(j) AS (SELECT i UNION ALL SELECT j + 1 FROM m WHERE j < i + 20000) SELECT COUNT(*) FROM m) AS steps FROM n";

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

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_download_has_a_time_limit_of_its_own_and_one_that_ends_before_anything_is_sent_is_answered(string format)
    {
        using var longer = new WorkbenchHouse(("Data:QueryTime", "00:00:01"), ("Workbench:ScreenRows", "10"));
        using var shorter = new WorkbenchHouse(("Workbench:DownloadTime", "00:00:01"), ("Workbench:ScreenRows", "10"));
        using var whole = await DownloadAsync(longer, format);
        using var cut = await DownloadAsync(shorter, format);

        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(format == "csv" ? 601 : 600, (await whole.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("time limit of 1 s", (await cut.ProblemAsync(503))["request"][0], StringComparison.Ordinal);
        Assert.Null(cut.Content.Headers.ContentDisposition);
        Assert.Contains(shorter.Host.Audit.Entries, entry => entry is { Act: "endDownload", Outcome: "failed" });
    }

    [Fact]
    public async Task A_download_whose_query_is_taken_away_before_anything_is_sent_is_not_there()
    {
        using var house = new WorkbenchHouse(("Workbench:ScreenRows", "10"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync(Slow);
        await caller.EndedAsync(id);

        var answer = caller.GetAsync($"/api/queries/{id}/rows?format=csv");
        await Eventually.IsTrueAsync("it asks again", WorkbenchHouse.Patience, async () => (await house.Host.Services.GetRequiredService<IWarehouse>().FindRunningAsync(WorkbenchHouse.Engineer(), default)).Count == 1);
        await caller.DeleteAsync($"/api/queries/{id}");

        Assert.Equal(["id"], (await (await answer).ProblemAsync(404)).Keys);
    }

    [Fact]
    public async Task A_download_that_the_warehouse_refuses_is_answered_as_what_it_is()
    {
        Exception? failure = null;
        using var host = ChangedWarehouse.Host((_, _, run) => failure is null ? run() : throw failure, ("Workbench:ScreenRows", "10"));
        using var caller = await host.SignedInAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync(Large);
        await caller.EndedAsync(id);

        foreach (var (thrown, status) in new (Exception, int)[]
        {
            (new QueryFailedException("relation trains is not there any more", 14, "pid 1"), 409), (new WarehouseDeniedException("You have no warehouse access."), 403), (new StoreUnavailableException("warehouse", "it is away"), 503),
        })
        {
            failure = thrown;
            await (await caller.GetAsync($"/api/queries/{id}/rows?format=csv")).ProblemAsync(status);
        }
    }

    [Fact]
    public async Task Only_so_many_downloads_of_all_users_ask_the_warehouse_at_the_same_time()
    {
        using var house = new WorkbenchHouse(("Workbench:ScreenRows", "10"), ("Workbench:Running", "1"));
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        using var other = await house.AsAsync(WorkbenchHouse.Engineer("Engineer Two"));
        var (first, second) = (await caller.TakenAsync(Large), await other.TakenAsync(Large));
        await caller.EndedAsync(first);
        await other.EndedAsync(second);

        using (await caller.GetAsync($"/api/queries/{first}/rows?format=csv", HttpCompletionOption.ResponseHeadersRead))
        {
            using var refused = await other.GetAsync($"/api/queries/{second}/rows?format=csv", HttpCompletionOption.ResponseHeadersRead);
            Assert.Contains("of all users", (await refused.ProblemAsync(429))["request"][0], StringComparison.Ordinal);
        }

        await Eventually.IsTrueAsync("the place is free again", WorkbenchHouse.Patience, async () =>
        {
            using var taken = await other.GetAsync($"/api/queries/{second}/rows?format=csv", HttpCompletionOption.ResponseHeadersRead);
            return taken.StatusCode == HttpStatusCode.OK;
        });
    }

    private static async Task<HttpResponseMessage> DownloadAsync(WorkbenchHouse house, string format)
    {
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync(Slow);
        Assert.Equal("succeeded", (await caller.EndedAsync(id)).State());
        return await caller.GetAsync($"/api/queries/{id}/rows?format={format}");
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
