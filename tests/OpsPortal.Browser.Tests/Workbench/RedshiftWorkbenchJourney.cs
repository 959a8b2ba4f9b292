using System.Globalization;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Browser.Tests.Workbench;

/// <summary>The same workbench on PostgreSQL in the place of Redshift: what runs and what ends is looked up in the server's own pg_stat_activity.</summary>
[Trait("Peer", "PostgreSQL")]
public sealed class RedshiftWorkbenchJourney(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_engineer_runs_reloads_during_a_run_and_cancels_on_the_server()
    {
        await using var server = ChildProcess.Start(Path.GetTempPath(), [], "warehouse");
        await using var product = await RunningProduct.StartAsync(await PeerSettings.ReadAsync(server), ("Adapters:Warehouse", "Redshift"), ("Parts", "Portal"));
        var page = await chromium.NewPageAsync(product.Address);
        var troubles = page.Troubles();
        await page.SignInAsync("engineer", "Engineer One", "/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();

        await WriteAsync(page, "SELECT train, depot, measured_at::date AS day FROM trains ORDER BY train");
        await page.Locator(".plan-button").ClickAsync();
        await Assertions.Expect(page.Locator(".plan-words")).ToContainTextAsync("reads all of trains");
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".grid-body .grid-row")).ToHaveCountAsync(2);
        await page.Locator(".side-tables .tables summary").First.ClickAsync();
        await Assertions.Expect(page.Locator(".tables .layout").First).ToContainTextAsync("PostgreSQL stands in for Redshift here");
        await page.ShootAsync("workbench-postgresql-1440-dark");

        await page.Locator(".make-files").ClickAsync();
        await Assertions.Expect(page.Locator(".files-said")).ToContainTextAsync("2 Parquet files · 2 rows");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".files-list li")).ToHaveCountAsync(2);
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator(".files-list a").First.ClickAsync());
        Assert.Equal("PAR1"u8.ToArray(), (await File.ReadAllBytesAsync(await file.PathAsync()))[..4]);
        await page.ShootAsync("workbench-files-1440-dark");
        await page.Locator(".end-files").ClickAsync();
        await Assertions.Expect(page.Locator(".make-files")).ToBeVisibleAsync();

        await WriteAsync(page, Endless);
        await page.Locator(".run").ClickAsync();
        await Eventually.IsTrueAsync("the server sees it run", Patience, async () => await RunningAsync(server) == 1);
        // The server may see it before the page has heard its number, without which no other page finds it.
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Running");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Running");
        Assert.Equal(1, await RunningAsync(server));

        await page.Locator(".cancel").ClickAsync();

        await Eventually.IsTrueAsync("the server sees nothing run", Patience, async () => await RunningAsync(server) == 0);
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Cancelled");
        Assert.Empty(troubles);
        await server.EndAsync();
    }

    private static async Task<int> RunningAsync(ChildProcess server)
    {
        await server.SayAsync("running");
        return int.Parse(await server.ReadAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task WriteAsync(IPage page, string sql)
    {
        await page.Locator(".cm-content").FillAsync(sql);
        await page.Keyboard.PressAsync("Escape");
    }
}
