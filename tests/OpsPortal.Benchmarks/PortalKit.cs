using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Benchmarks;

/// <summary>The product and a browser, as the benchmarks of the portal need them.</summary>
internal static class PortalKit
{
    /// <summary>A quiet fleet of the given size on the release build.</summary>
    public static Task<RunningProduct> StartAsync(int trains, string parts = "Portal,Detector,Trains", params (string Key, string Value)[] more)
    {
        RunningProduct.Build = "release";
        (string Key, string Value)[] own = [("Parts", parts), ("Trains:Count", $"{trains}"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:00:30")];
        return RunningProduct.StartAsync([.. own.ExceptBy(more.Select(setting => setting.Key), setting => setting.Key), .. more]);
    }

    /// <summary>Counts of the pipeline: records kept, records still to read.</summary>
    public static async Task<(long Kept, long Lag)> PipelineAsync(HttpClient client)
    {
        var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
        return (pipeline.GetProperty("counts") is { ValueKind: JsonValueKind.Object } counts ? counts.GetProperty("kept").GetInt64() : 0, pipeline.GetProperty("lagRecords") is { ValueKind: JsonValueKind.Number } lag ? lag.GetInt64() : long.MaxValue);
    }

    /// <summary>Waits until the detector is less than a second and a half behind the fleet.</summary>
    public static Task CatchUpAsync(HttpClient client, int trains) =>
        Eventually.IsTrueAsync("the detector has caught up", TimeSpan.FromMinutes(10), async () => await PipelineAsync(client) is var (kept, lag) && kept >= trains && lag < trains * 1.5);

    /// <summary>A browser that draws by software: its share of the time is larger than on any desk.</summary>
    public static async Task<IBrowser> BrowserAsync(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-background-networking", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
    });

    /// <summary>A page that is signed in.</summary>
    public static async Task<IPage> SignInAsync(IBrowser browser, Uri address)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = address.ToString(), ViewportSize = new() { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.Locator("input[name=persona][value=executive]").CheckAsync(new() { Force = true });
        await page.Locator("input[name=name]").FillAsync("Benchmark");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        return page;
    }
}
