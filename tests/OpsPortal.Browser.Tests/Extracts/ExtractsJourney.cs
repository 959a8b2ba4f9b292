using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Accessibility;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Extracts;

/// <summary>A data scientist takes raw files along: sees what there is, asks, fetches one, has the rest made into one file, changes their mind.</summary>
public sealed class ExtractsJourney(ExtractsJourney.Portal portal) : IClassFixture<ExtractsJourney.Portal>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public sealed class Portal : IAsyncLifetime
    {
        public Chromium Chromium { get; } = new();

        public RunningProduct Product { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await Chromium.InitializeAsync();
            Product = await RunningProduct.StartAsync(("Trains:Count", "6"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:02:00"), ("Data:BusyTimeout", "00:00:02"));
        }

        public async Task DisposeAsync()
        {
            await Chromium.DisposeAsync();
            await Product.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_data_scientist_sees_the_size_before_verifies_a_file_has_them_merged_cancels_and_reloads_during_one()
    {
        var page = await portal.Chromium.NewPageAsync(portal.Product.Address);
        var troubles = page.Troubles();
        await page.SignInAsync("data-scientist", "Ada", "/extracts");
        await SeesTheHeatMapAsync(page);
        await AsksByTheHeatMapAsync(page);
        await FetchesAFileThatVerifiesAsync(page);
        await HasThemMergedAsync(page);
        await CancelsByKeyboardAfterAReloadAsync(page);
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Dark), (1440, ColorScheme.Light), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, width < 600 ? 844 : 900);
            await page.FitsAsync();
            await AxeTests.ClearAsync(page, $"Extracts with merged downloads, {Pages.Suffix(width, scheme)}");
            await page.ShootWholeAsync($"extracts-merged-{Pages.Suffix(width, scheme)}");
        }

        Assert.Empty(troubles);
    }

    [Fact]
    public async Task A_trains_window_leads_to_its_raw_files_and_back_and_a_colleague_who_may_not_is_told_so()
    {
        using var client = await portal.Product.SignInAsync("engineer", "Engineer One");
        var train = await client.GetSomeTrainAsync();
        var page = await portal.Chromium.NewPageAsync(portal.Product.Address);
        await page.SignInAsync("engineer", "Engineer One", $"/trains/{train}");
        await page.Locator(".to-extracts[href*='from=']").ClickAsync();

        await Assertions.Expect(page.Locator("#ask-trains")).ToHaveValueAsync(train);
        await Assertions.Expect(page.Locator("#ask-from")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$"));
        await Assertions.Expect(page.Locator("[data-size]")).ToBeVisibleAsync();
        var link = new Uri(page.Url).PathAndQuery;
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the train" }).ClickAsync();
        await page.WaitForURLAsync($"**/trains/{train}**");

        var colleague = await portal.Chromium.NewPageAsync(portal.Product.Address);
        await colleague.SignInAsync("operator", "Operator One", link);
        await Assertions.Expect(colleague.Locator("main")).ToContainTextAsync("Your role may not make or fetch extracts of raw files");
        await colleague.ShootAsync("extracts-not-allowed-1440-dark");
        await colleague.GotoAsync($"/trains/{train}");
        await Assertions.Expect(colleague.Locator("h1")).ToBeVisibleAsync();
        Assert.Equal(0, await colleague.Locator(".to-extracts").CountAsync());
    }

    /// <summary>No server of the tests has an archive: what S3 documents of it is answered on the way to the page.</summary>
    [Fact]
    public async Task Archived_files_are_asked_for_and_it_is_said_when_they_are_ready()
    {
        var page = await portal.Chromium.NewPageAsync(portal.Product.Address);
        var (troubles, state) = (page.Troubles(), "archived");
        await page.RouteAsync("**/api/extracts/*/archived*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = Archived(state) }));
        await page.RouteAsync("**/api/extracts/*/restore", route =>
        {
            Assert.Equal("""{"speed":"expedited","after":null}""", route.Request.PostData);
            state = "restoring";
            return route.FulfillAsync(new() { Status = 202, ContentType = "application/json", Body = Archived(state) });
        });
        using var client = await portal.Product.SignInAsync("engineer", "Eve");
        await MakeArchivedAsync(client);
        await page.Clock.InstallAsync();
        await page.SignInAsync("engineer", "Eve", "/extracts");

        await Assertions.Expect(page.Locator(".archived .far")).ToHaveTextAsync("2 files archived.");
        await page.Locator(".archived select").SelectOptionAsync("expedited");
        await page.Locator(".archived button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".archived .far")).ToHaveTextAsync("2 files being brought back.");
        await page.Locator(".archived summary").ClickAsync();
        await page.ShootWholeAsync("extracts-archive-1440-dark");
        state = "available";
        await page.Clock.FastForwardAsync(61_000);
        await Assertions.Expect(page.Locator("#archive-news")).ToContainTextAsync("are brought back: 2 files ready until 21 Dec 2035");
        await page.SetViewportSizeAsync(390, 844);
        await page.FitsAsync();
        await AxeTests.ClearAsync(page, "Extracts with an archive");
        await page.ShootWholeAsync("extracts-archive-390-dark");
        Assert.Empty(troubles);
    }

    private static string Archived(string state)
    {
        var (until, reason) = (state == "available" ? "\"2035-12-21T00:00:00Z\"" : "null", state == "available" ? "null" : "\"It lies in the archive (GLACIER); ask for it to be restored.\"");
        var items = Enumerable.Range(1, 2).Select(number =>
            $$"""{"number":{{number}},"key":"raw/depot=Longsight/date=2026-11-21/hour=2{{number}}/20261121T200000000-000000000001.ndjson.gz","bytes":434234,"storageClass":"GLACIER","availability":"{{state}}","until":{{until}},"reason":{{reason}}}""");
        return $$"""{"items":[{{string.Join(',', items)}}],"next":null,"asOf":"2026-11-21T21:00:00Z","limited":null}""";
    }

    // An extract whose files are said to lie in Glacier.
    private async Task MakeArchivedAsync(HttpClient client)
    {
        var (train, now) = (await client.GetSomeTrainAsync(), TimeProvider.System.GetUtcNow());
        using var made = await client.PostAsJsonAsync("/api/extracts", new { trains = new[] { train }, from = now.AddHours(-1).ToString("O"), to = now.AddHours(1).ToString("O") });
        Assert.Equal(201, (int)made.StatusCode);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        await using var store = new SqliteConnection($"Data Source={Path.Combine(portal.Product.DataFolder, "extracts.db")};Pooling=False");
        await store.OpenAsync();
        await using var command = store.CreateCommand();
        command.CommandText = "UPDATE files SET class = 'GLACIER' WHERE extract = $id";
        command.Parameters.AddWithValue("$id", id);
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }

    private static Task SeesTheHeatMapAsync(IPage page) => Eventually.IsTrueAsync("files are listed", TimeSpan.FromMinutes(3), async () =>
    {
        await page.ReloadAsync();
        return await page.Locator(".heat tbody tr").CountAsync() == 6;
    });

    private static async Task AsksByTheHeatMapAsync(IPage page)
    {
        await page.Locator(".heat a").First.ClickAsync();
        await Assertions.Expect(page.Locator("[data-size]")).ToContainTextAsync("file");
        await page.ShootAsync("extracts-size-1440-dark");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the extract" }).ClickAsync();
        await Assertions.Expect(page.Locator("#token")).ToContainTextAsync("opx_");
    }

    private static async Task FetchesAFileThatVerifiesAsync(IPage page)
    {
        var manifest = await page.APIRequest.GetAsync(await page.Locator("[data-extract] a", new() { HasText = "JSON" }).First.GetAttributeAsync("href") ?? "");
        var item = (await manifest.JsonAsync())!.Value.GetProperty("items")[0];
        var file = await page.APIRequest.GetAsync(item.GetProperty("url").GetString()!);
        Assert.Equal(item.GetProperty("checksum").GetProperty("value").GetString(), Convert.ToHexStringLower(SHA256.HashData(await file.BodyAsync())));
    }

    private static async Task HasThemMergedAsync(IPage page)
    {
        await page.Locator("#merged[data-ready]").WaitForAsync();
        await page.Locator("#merge-format").SelectOptionAsync("csv");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make one file" }).ClickAsync();
        await page.Locator(".merged-job[data-state=succeeded]").WaitForAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".download").ClickAsync());
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        await Assertions.Expect(page.Locator(".merged-job .sum")).ToContainTextAsync($"{download.SuggestedFilename} · SHA-256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}");
        using var text = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        Assert.Equal("trainId,sequence,measuredAt,latitude,longitude,speedKmh,sensor,value", await text.ReadLineAsync());
        Assert.True((await text.ReadToEndAsync()).Split('\n').Length > 100);
    }

    // Another program holds the catalogue of raw files: it waits, says so, and is found again after a reload.
    private async Task CancelsByKeyboardAfterAReloadAsync(IPage page)
    {
        // The page that shows the token answers a form: loaded again, it would make another extract.
        await page.GotoAsync("/extracts");
        await page.Locator("#merged[data-ready]").WaitForAsync();
        using (await StoreLock.TakeAsync(portal.Product, "raw.db"))
        {
            await page.Locator("#merge-format").SelectOptionAsync("ndjson");
            await page.GetByRole(AriaRole.Button, new() { Name = "Make one file" }).ClickAsync();
            await page.Locator(".merged-job[data-state=running]").WaitForAsync();
            await page.ReloadAsync();
            var job = page.Locator(".merged-job[data-state=running]");
            await Assertions.Expect(job.Locator(".waiting")).ToContainTextAsync("Trying again.", new() { Timeout = 60_000 });
            await page.ShootWholeAsync("extracts-waiting-1440-dark");
            await job.Locator(".cancel").FocusAsync();
            var answer = await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("Enter"), response => response.Request.Method == "DELETE");
            Assert.Equal(204, answer.Status);
        }

        await Assertions.Expect(page.Locator(".merged-job").First).ToHaveAttributeAsync("data-state", "cancelled", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#merged .news")).ToContainTextAsync("Cancelled.");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".merged-job")).ToHaveCountAsync(2);
    }
}
