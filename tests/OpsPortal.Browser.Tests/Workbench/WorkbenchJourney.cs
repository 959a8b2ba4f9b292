using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Workbench;

/// <summary>An engineer asks the warehouse: writes, runs, cancels, comes back during a run, takes the result along.</summary>
public sealed class WorkbenchJourney(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000) SELECT i, 'row ' || i AS words, CASE WHEN i % 3 = 0 THEN NULL ELSE i / 7.0 END AS part FROM n";

    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_engineer_writes_runs_cancels_reloads_during_a_run_and_downloads()
    {
        await using var product = await StartAsync();
        var page = await chromium.NewPageAsync(product.Address);
        var troubles = page.Troubles();
        using var client = await product.SignInAsync("engineer", "Engineer One");
        await page.SignInAsync("engineer", "Engineer One", "/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();
        await page.ShootAsync("workbench-empty-1440-dark");

        await WritesWithCompletionAsync(page);
        await MistakesAreShownAtTheirPlaceAsync(page);
        await ResultIsGoneThroughAsync(page);
        await CancelReachesTheServerAsync(page, client);
        await AReloadFindsTheRunAsync(page);
        await DownloadIsWholeAsync(page);
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task A_link_opens_a_query_ready_to_run_and_leads_back()
    {
        await using var product = await StartAsync();
        var page = await chromium.NewPageAsync(product.Address);
        var troubles = page.Troubles();
        using var client = await product.SignInAsync("engineer", "Engineer One");
        var train = await client.GetSomeTrainAsync();
        await page.SignInAsync("engineer", "Engineer One", $"/trains/{train}");
        await page.Locator(".to-workbench[href*='from=']").ClickAsync();
        await page.Locator("#workbench[data-ready]").WaitForAsync();

        await Assertions.Expect(page.Locator("[data-parameter=train]")).ToHaveValueAsync(train);
        await Assertions.Expect(page.Locator("[data-parameter=from]")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d"));
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Done");
        await Assertions.Expect(page.Locator(".counts")).ToContainTextAsync("rows");
        await page.ShootAsync("workbench-from-train-1440-dark");
        await page.Locator(".back").ClickAsync();
        await page.WaitForURLAsync($"**/trains/{train}**");
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task Whoever_may_not_run_queries_is_told_so_and_sees_no_way_there()
    {
        await using var product = await StartAsync();
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One", "/workbench");

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Your role may not run queries.");
        Assert.Equal(0, await page.Locator(".shell nav a[href='/workbench']").CountAsync());
        await page.ShootAsync("workbench-not-allowed-1440-dark");
    }

    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    public async Task The_workbench_fits_any_screen(int width, ColorScheme scheme)
    {
        await using var product = await StartAsync();
        var page = await chromium.NewPageAsync(product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.SignInAsync("engineer", "Engineer One", "/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();
        await WriteAsync(page, "SELECT train, name, depot, line, class, cars, measured_at, NULL AS note FROM trains WHERE measured_at > :from ORDER BY train");
        await page.Locator("[data-parameter=from]").FillAsync("2026-11-01T00:00:01");
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".grid-body .grid-row")).ToHaveCountAsync(6);

        await page.FitsAsync();
        await page.ShootWholeAsync($"workbench-{Pages.Suffix(width, scheme)}");
    }

    // Six trains, in the warehouse too.
    private static async Task<RunningProduct> StartAsync()
    {
        var product = await RunningProduct.StartAsync(("Trains:Count", "6"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:02:00"), ("Data:WarehouseInterval", "00:00:01"));
        using var client = await product.SignInAsync("engineer", "Filler");
        await Eventually.IsTrueAsync("the warehouse has the trains", Patience, async () =>
        {
            using var asked = await client.PostAsJsonAsync("/api/queries", new { sql = "SELECT train FROM trains" });
            var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
            await Task.Delay(300);
            return (await client.GetFromJsonAsync<JsonElement>($"/api/queries/{id}")).GetProperty("rows").GetInt64() == 6;
        });
        return product;
    }

    // What the warehouse itself says.
    private static async Task<int> RunningAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonElement>("/api/warehouse/running")).GetProperty("items").GetArrayLength();

    private static async Task WriteAsync(IPage page, string sql)
    {
        await page.Locator(".cm-content").FillAsync(sql);
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task WritesWithCompletionAsync(IPage page)
    {
        await page.Locator(".cm-content").ClickAsync();
        await page.Keyboard.TypeAsync("SELECT train FROM tra");
        await page.Locator(".cm-tooltip-autocomplete li", new() { HasText = "trains" }).First.WaitForAsync();
        await page.ShootAsync("workbench-completion-1440-dark");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".cm-content")).ToHaveTextAsync("SELECT train FROM trains");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator(".counts")).ToHaveTextAsync("6 rows");
        await Assertions.Expect(page.Locator(".grid-body .grid-row")).ToHaveCountAsync(6);
    }

    private static async Task MistakesAreShownAtTheirPlaceAsync(IPage page)
    {
        await WriteAsync(page, "SELECT train,\n  nonsense FROM trains");
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".query-problem")).ToContainTextAsync("Line 2, column 3: no such column: nonsense");
        await Assertions.Expect(page.Locator(".cm-lintRange-error")).ToHaveTextAsync("nonsense");
        await page.ShootAsync("workbench-mistake-1440-dark");
        await WriteAsync(page, "DELETE FROM trains");
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".query-problem")).ToContainTextAsync("Only queries are taken");
    }

    private static async Task ResultIsGoneThroughAsync(IPage page)
    {
        await WriteAsync(page, Long);
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".counts")).ToContainTextAsync("The first 100,000 rows are kept, as many as a screen takes.", new() { Timeout = 60_000 });
        await page.Locator(".cell.null").First.WaitForAsync();
        await page.Locator(".grid").FocusAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Locator(".grid-row[aria-rowindex='100001'] .cell", new() { HasText = "row 100000" }).WaitForAsync();
        Assert.True(await page.Locator(".grid-body .grid-row").CountAsync() < 100);
        await page.Keyboard.PressAsync("Control+Home");
        await page.Locator(".grid-row[aria-rowindex='2'] .cell", new() { HasText = "row 1" }).WaitForAsync();
        await page.ShootAsync("workbench-result-1440-dark");
    }

    private static async Task CancelReachesTheServerAsync(IPage page, HttpClient client)
    {
        await WriteAsync(page, Endless);
        await page.Locator(".run").ClickAsync();
        await Eventually.IsTrueAsync("the server sees it run", Patience, async () => await RunningAsync(client) == 1);
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Running");
        await page.ShootAsync("workbench-running-1440-dark");
        await page.Locator(".cancel").ClickAsync();
        await Eventually.IsTrueAsync("the server sees nothing run", Patience, async () => await RunningAsync(client) == 0);
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Cancelled");
    }

    private static async Task AReloadFindsTheRunAsync(IPage page)
    {
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Running");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Running");
        await Assertions.Expect(page.Locator(".cm-content")).ToContainTextAsync("WITH RECURSIVE");
        await page.Locator(".cancel").ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Cancelled");
    }

    private static async Task DownloadIsWholeAsync(IPage page)
    {
        await WriteAsync(page, Long);
        await page.Locator(".run").ClickAsync();
        await page.Locator(".csv[href]").WaitForAsync(new() { Timeout = 60_000 });
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".csv").ClickAsync());
        Assert.EndsWith("-at-most-10000000-rows.csv", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(150_001, File.ReadLines(await download.PathAsync()).Count());
        await page.Locator(".side-history summary").ClickAsync();
        await Assertions.Expect(page.Locator(".past")).ToHaveCountAsync(6);
        await page.ShootAsync("workbench-history-1440-dark");
    }

    // Errors of scripts, and whatever the content security policy had to forbid.
}
