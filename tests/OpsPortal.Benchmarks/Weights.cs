using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace OpsPortal.Benchmarks;

/// <summary>What each page weighs on first sight: bytes over the wire with an empty cache, and how many requests.</summary>
internal static class Weights
{
    private const int Trains = 40;

    public static async Task RunAsync()
    {
        await using var product = await PortalKit.StartAsync(Trains);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await PortalKit.BrowserAsync(playwright);
        await WeighAsync(await browser.NewPageAsync(new() { BaseURL = product.Address.ToString() }), "/sign-in");
        using var client = await product.SignInAsync("executive", "Benchmark");
        await PortalKit.CatchUpAsync(client, Trains);
        var train = (await client.GetFromJsonAsync<JsonElement>("/api/fleet?limit=1")).GetProperty("items")[0].GetProperty("id").GetString();
        foreach (var path in new[] { "/", "/alerts", $"/trains/{train}" })
        {
            // A new context has an empty cache; what signing in fetched is in it, so the sign-in page's own files are named apart.
            var page = await PortalKit.SignInAsync(browser, product.Address);
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("Network.clearBrowserCache");
            await WeighAsync(page, path);
        }
    }

    private static async Task WeighAsync(IPage page, string path)
    {
        var finished = new List<IRequest>();
        page.RequestFinished += (_, request) => finished.Add(request);
        await page.GotoAsync(path);
        await page.WaitForTimeoutAsync(6_000);
        var sizes = new List<(string Kind, long Bytes)>();
        foreach (var request in finished.Where(request => request.Url.StartsWith("http", StringComparison.Ordinal)).ToList())
        {
            var size = await request.SizesAsync();
            sizes.Add((request.ResourceType, size.ResponseBodySize + size.ResponseHeadersSize));
        }

        var kinds = sizes.GroupBy(size => size.Kind).OrderByDescending(kind => kind.Sum(size => size.Bytes)).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Sum(size => size.Bytes) / 1024.0:0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {sizes.Sum(size => size.Bytes) / 1024.0:0} KB in {sizes.Count} requests ({string.Join(", ", kinds)} KB), without the feed"));
    }
}
