using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Workbench;

/// <summary>An engineer asks the warehouse: writes, runs, cancels, comes back during a run, takes the result along.</summary>
public sealed class WorkbenchJourney(Chromium chromium, WorkbenchJourney.Portal portal) : IClassFixture<Chromium>, IClassFixture<WorkbenchJourney.Portal>
{
    /// <summary>One portal for all: each journey is somebody else's.</summary>
    public sealed class Portal : IAsyncLifetime
    {
        public RunningProduct Product { get; private set; } = null!;

        public async Task InitializeAsync() => Product = await StartAsync();

        public async Task DisposeAsync() => await Product.DisposeAsync();
    }

    private const string Long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000) SELECT i, 'row ' || i AS words, CASE WHEN i % 3 = 0 THEN NULL ELSE i / 7.0 END AS part FROM n";

    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_engineer_writes_runs_cancels_reloads_during_a_run_and_downloads()
    {
        var product = portal.Product;
        var page = await chromium.NewPageAsync(product.Address);
        var troubles = page.Troubles();
        using var client = await product.SignInAsync("engineer", "Engineer Writes");
        await page.SignInAsync("engineer", "Engineer Writes", "/workbench");
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
        var product = portal.Product;
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
    public async Task A_query_is_saved_shared_changed_by_a_colleague_and_an_older_version_restored()
    {
        var (page, other) = (await chromium.NewPageAsync(portal.Product.Address), await chromium.NewPageAsync(portal.Product.Address));
        var troubles = page.Troubles();
        await OpenAsync(page, "engineer", "Engineer Saves");
        await OpenAsync(other, "data-scientist", "Scientist Saves");
        await WriteAsync(page, "select train, line from trains where line<>:line");
        await page.Locator("[data-parameter=line]").FillAsync("nowhere");
        await page.Keyboard.PressAsync("Control+s");
        await page.Locator(".save-form [name=name]").FillAsync("Trains off a line");
        await page.Locator(".save-form [name=shared]").CheckAsync();
        await page.ShootAsync("workbench-save-1440-dark");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".saved-line")).ToContainTextAsync("“Trains off a line”, version 1 by Engineer Saves");

        await other.ReloadAsync();
        await other.Locator("#workbench[data-ready]").WaitForAsync();
        await other.Locator(".side-saved summary").ClickAsync();
        await other.Locator(".saved", new() { HasText = "Trains off a line" }).ClickAsync();
        await Assertions.Expect(other.Locator("[data-parameter=line]")).ToHaveValueAsync("nowhere");
        await other.Locator(".format").ClickAsync();
        await Assertions.Expect(other.Locator(".cm-content")).ToContainTextAsync("line <> :line");
        await other.Locator(".save").ClickAsync();
        await Assertions.Expect(other.Locator(".saved-line")).ToContainTextAsync("version 2 by Scientist Saves");
        await Assertions.Expect(other.Locator(".saved-line button", new() { HasText = "Delete" })).ToHaveCountAsync(0);

        await page.Locator(".save").ClickAsync();
        await Assertions.Expect(page.Locator(".query-problem")).ToContainTextAsync("has changed since you saw it: Scientist Saves saved version 2");
        await page.ShootAsync("workbench-conflict-1440-dark");
        await page.Locator(".query-problem button", new() { HasText = "Save mine" }).ClickAsync();
        await Assertions.Expect(page.Locator(".saved-line")).ToContainTextAsync("version 3 by Engineer Saves");
        await page.Locator(".saved-line button", new() { HasText = "Versions" }).ClickAsync();
        await Assertions.Expect(page.Locator(".version")).ToHaveCountAsync(3);
        await page.ShootAsync("workbench-versions-1440-dark");
        await page.Locator("[aria-label='Restore version 2']").ClickAsync();
        await Assertions.Expect(page.Locator(".saved-line")).ToContainTextAsync("version 4 by Engineer Saves");
        await Assertions.Expect(page.Locator(".cm-content")).ToContainTextAsync("line <> :line");
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task What_a_query_reads_is_said_before_and_what_reads_too_much_runs_only_when_told_to()
    {
        var (page, other) = (await chromium.NewPageAsync(portal.Product.Address), await chromium.NewPageAsync(portal.Product.Address));
        await OpenAsync(page, "data-scientist", "Scientist Plans");
        await OpenAsync(other, "engineer", "Engineer Plans");
        const string Much = "SELECT COUNT(*) FROM trains a, trains b, trains c, trains d, trains e, trains f, trains g, trains h";

        await WriteAsync(page, Much);
        await page.Locator(".plan-button").ClickAsync();
        await Assertions.Expect(page.Locator(".plan-words")).ToContainTextAsync("The query reads all of ");
        await page.Locator(".plan summary").ClickAsync();
        await Assertions.Expect(page.Locator(".plan-steps li").First).ToContainTextAsync("SCAN");
        await page.ShootAsync("workbench-plan-1440-dark");
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".query-problem")).ToContainTextAsync("more than the 1,000,000 that run unasked");
        await page.ShootAsync("workbench-guard-1440-dark");
        await page.Locator(".query-problem button", new() { HasText = "Run anyway" }).ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Running|Done"));
        await page.Locator(".cancel").EvaluateAsync("button => button.click()");

        await WriteAsync(other, Much);
        await other.Locator(".run").ClickAsync();
        await Assertions.Expect(other.Locator(".query-problem")).ToContainTextAsync("Your role may not set the guard aside.");
        Assert.Equal(0, await other.Locator(".query-problem button").CountAsync());
    }

    [Fact]
    public async Task A_result_is_sorted_filtered_and_drawn_and_the_chart_is_saved_with_the_query()
    {
        var page = await chromium.NewPageAsync(portal.Product.Address);
        var troubles = page.Troubles();
        await OpenAsync(page, "engineer", "Engineer Draws");
        await WriteAsync(page, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) SELECT i, 'car ' || (i % 4 + 1) AS car, (i * 7919) % 601 AS height, -2.2 + i / 400.0 AS longitude, 53.4 + i / 900.0 AS latitude FROM n");
        await page.Locator(".run").ClickAsync();
        await page.Locator(".result-tools").WaitForAsync();

        await page.Locator(".grid-head .sort", new() { HasText = "height" }).ClickAsync();
        await Assertions.Expect(page.Locator(".grid-row[aria-rowindex='2'] .cell").Nth(2)).ToHaveTextAsync("1");
        await page.Locator(".grid-head .sort", new() { HasText = "height" }).ClickAsync();
        await Assertions.Expect(page.Locator(".grid-row[aria-rowindex='2'] .cell").Nth(2)).ToHaveTextAsync("600");
        await page.Locator(".filter").FillAsync("car 3");
        await Assertions.Expect(page.Locator(".arranged")).ToHaveTextAsync("Sorted by height. 150 rows hold “car 3”.");
        await page.ShootAsync("workbench-sorted-1440-dark");

        await page.Locator(".show-chart").ClickAsync();
        await page.Locator(".chart-picture[data-positions='600']").WaitForAsync();
        await page.ShootAsync("workbench-map-1440-dark");
        await page.Locator(".chart-choice select").First.SelectOptionAsync("scatter");
        await page.Locator(".chart-picture[aria-label] canvas").WaitForAsync();
        await page.Locator(".chart-choice", new() { HasText = "Along" }).Locator("select").SelectOptionAsync("i");
        await page.Locator(".chart-choice", new() { HasText = "Values" }).Locator("select").SelectOptionAsync("height");
        await page.Locator(".chart-choice", new() { HasText = "One for each" }).Locator("select").SelectOptionAsync("car");
        await Assertions.Expect(page.Locator(".chart-picture")).ToHaveAttributeAsync("aria-label", "height by i and car; the table below has the same values.");
        await page.ShootAsync("workbench-chart-1440-dark");
        await page.Locator(".save").ClickAsync();
        await page.Locator(".save-form [name=name]").FillAsync("Heights");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".saved-line")).ToContainTextAsync("version 1");

        // As in another browser: nothing of this one's is left.
        await page.GotoAsync("/alerts");
        await page.EvaluateAsync("() => localStorage.clear()");
        await page.GotoAsync("/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();
        await page.Locator(".side-saved summary").ClickAsync();
        await page.Locator(".saved", new() { HasText = "Heights" }).ClickAsync();
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".chart-picture")).ToHaveAttributeAsync("aria-label", "height by i and car; the table below has the same values.");
        await page.Locator(".side-history summary").ClickAsync();
        await Assertions.Expect(page.Locator(".past")).ToHaveCountAsync(2);
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task Whoever_may_not_run_queries_is_told_so_and_sees_no_way_there()
    {
        var product = portal.Product;
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
        var product = portal.Product;
        var page = await chromium.NewPageAsync(product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.SignInAsync("engineer", "Engineer One", "/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();
        await WriteAsync(page, "SELECT train, name, depot, line, class, cars, measured_at, NULL AS note FROM trains WHERE measured_at > :from ORDER BY train");
        await page.Locator("[data-parameter=from]").FillAsync("2026-11-01T00:00:01");
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".grid-body .grid-row")).ToHaveCountAsync(6);

        await page.FitsAsync();
        await page.ShootWholeAsync($"workbench-{Pages.Suffix(width, scheme)}");
        await page.Locator(".show-chart").ClickAsync();
        await page.Locator(".chart-picture[aria-label] canvas").WaitForAsync();
        await page.Locator(".save").ClickAsync();
        await page.FitsAsync();
        await page.ShootWholeAsync($"workbench-drawn-{Pages.Suffix(width, scheme)}");
    }

    // Six trains, in the warehouse too, each with a reading: one that began in a tunnel is known before it is heard.
    private static async Task<RunningProduct> StartAsync()
    {
        var product = await RunningProduct.StartAsync(("Trains:Count", "6"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:02:00"), ("Data:WarehouseInterval", "00:00:01"), ("Workbench:LargestEstimate", "1000000"));
        using var client = await product.SignInAsync("engineer", "Filler");
        await Eventually.IsTrueAsync("the warehouse has the trains", TimeSpan.FromMinutes(3), async () =>
        {
            using var asked = await client.PostAsJsonAsync("/api/queries", new { sql = "SELECT train FROM trains WHERE measured_at IS NOT NULL" });
            var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
            await Task.Delay(300);
            return (await client.GetFromJsonAsync<JsonElement>($"/api/queries/{id}")).GetProperty("rows").GetInt64() == 6;
        });
        return product;
    }

    private static async Task OpenAsync(IPage page, string persona, string name)
    {
        await page.SignInAsync(persona, name, "/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();
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
        await page.Locator(".cm-tooltip-autocomplete li", new() { HasText = "trains" }).First.ClickAsync();
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
}
