using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Browser.Tests.Extracts;

/// <summary>The same extracts with raw files on Swift in the place of S3, and a report from PostgreSQL in the place of Redshift.</summary>
[Trait("Peer", "S3")]
[Trait("Peer", "PostgreSQL")]
public sealed class S3ExtractsJourney(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_data_scientist_fetches_from_the_server_itself_what_was_just_received_and_a_business_user_reads_a_report()
    {
        await using var peers = ChildProcess.Start(Path.GetTempPath(), [], "warehouse");
        var environment = await PeerSettings.ReadAsync(peers);
        var server = environment.Single(setting => setting.Name == "AWS_ENDPOINT_URL_S3").Value;
        await using var product = await RunningProduct.StartAsync(
            environment, ("Adapters:Warehouse", "Redshift"), ("Adapters:RawFiles", "S3"), ("S3:CopyInterval", "00:00:02"), ("Trains:Count", "4"), ("Trains:History", "00:02:00"), ("Trains:FaultsPerHour", "0"));
        var page = await chromium.NewPageAsync(product.Address);
        var troubles = page.Troubles();
        await page.SignInAsync("data-scientist", "Ada", "/extracts");

        using var client = await product.SignInAsync("data-scientist", "Ada");
        var (train, now) = (await client.GetSomeTrainAsync(), TimeProvider.System.GetUtcNow());
        await page.GotoAsync($"/extracts?trains={train}&from={Time(now.AddHours(-1))}&to={Time(now.AddHours(1))}");
        // None is in the bucket yet: the file of the running hour is closed and copied when the extract is made.
        await Assertions.Expect(page.Locator("form.size")).ToContainTextAsync("0 files");
        await Assertions.Expect(page.Locator("form.size")).ToContainTextAsync("what was received in the running hour will be closed first and comes besides");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the extract" }).ClickAsync();
        await Assertions.Expect(page.Locator("#token")).ToContainTextAsync("opx_");
        await page.ShootWholeAsync("extracts-swift-1440-dark");
        await TheServerItselfGivesTheFileAsync(page, server);
        await OneFileIsMadeOfThemAsync(page, train);
        Assert.Empty(troubles);

        // Two trains of the warehouse had an alert that evening.
        var reader = await chromium.NewPageAsync(product.Address);
        await reader.SignInAsync("business", "Mia", "/reports/alerts?from=2026-11-21&to=2026-11-21");
        await reader.Locator("#reports[data-state=ready], #reports[data-state=stale]").WaitForAsync();
        await Assertions.Expect(reader.Locator("[data-figure=alertsRaised] .value")).ToHaveTextAsync("2");
        await reader.ShootWholeAsync("reports-postgresql-1440-dark");
        await peers.EndAsync();
    }

    private static async Task TheServerItselfGivesTheFileAsync(IPage page, string server)
    {
        var manifest = await page.APIRequest.GetAsync(await page.Locator("[data-extract] a", new() { HasText = "JSON" }).First.GetAttributeAsync("href") ?? "");
        var item = (await manifest.JsonAsync())!.Value.GetProperty("items")[0];
        var link = await page.APIRequest.GetAsync(item.GetProperty("url").GetString()!, new() { MaxRedirects = 0 });
        var address = link.Headers["location"];
        Assert.StartsWith(server, address, StringComparison.Ordinal);
        using var stranger = new HttpClient();
        var bytes = await stranger.GetByteArrayAsync(new Uri(address));
        Assert.Equal(item.GetProperty("checksum").GetProperty("value").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        using var tampered = await stranger.GetAsync(new Uri(address[..^1] + (address[^1] == '0' ? '1' : '0')));
        Assert.Equal(HttpStatusCode.Forbidden, tampered.StatusCode);
    }

    private static async Task OneFileIsMadeOfThemAsync(IPage page, string train)
    {
        await page.GotoAsync("/extracts");
        await page.Locator("#merged[data-ready]").WaitForAsync();
        await page.Locator("#merge-format").SelectOptionAsync("csv");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make one file" }).ClickAsync();
        await page.Locator(".merged-job[data-state=succeeded]").WaitForAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".download").ClickAsync());
        using var text = new StreamReader(new GZipStream(File.OpenRead(await download.PathAsync()), CompressionMode.Decompress));
        Assert.StartsWith("trainId,", await text.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith(train, await text.ReadLineAsync(), StringComparison.Ordinal);
    }

    private static string Time(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
