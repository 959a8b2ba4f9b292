using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Playwright;
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
            Product = await RunningProduct.StartAsync(("Trains:Count", "6"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:02:00"), ("Data:BusyTimeout", "00:00:00.500"));
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

    private static Task SeesTheHeatMapAsync(IPage page) => Eventually.IsTrueAsync("files are listed", Patience, async () =>
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
            await Assertions.Expect(job.Locator(".waiting")).ToContainTextAsync("Trying again.", new() { Timeout = 30_000 });
            await page.ShootWholeAsync("extracts-waiting-1440-dark");
            await job.Locator(".cancel").FocusAsync();
            var answer = await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("Enter"), response => response.Request.Method == "DELETE");
            Assert.Equal(204, answer.Status);
        }

        await Assertions.Expect(page.Locator(".merged-job").First).ToHaveAttributeAsync("data-state", "cancelled", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#merged .news")).ToContainTextAsync("Cancelled.");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".merged-job")).ToHaveCountAsync(2);
    }
}
