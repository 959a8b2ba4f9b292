using System.Net.Http.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Hostile;

/// <summary>BAD-13, BAD-14, SEC-5: whatever trains, operators and files bring is shown as text, on every page, with traps armed.</summary>
[Trait("Fault", "BAD-13")]
[Trait("Fault", "BAD-14")]
[Trait("Fault", "SEC-5")]
public sealed class HostileTextJourney(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Note = "<img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}";

    [Fact]
    public async Task No_text_of_a_train_an_operator_or_a_file_becomes_code_on_any_page()
    {
        using var recording = new HostileRecording();
        await using var product = await RunningProduct.StartAsync(
            ("Trains:Recordings:0", recording.Path), ("Trains:Count", "8"), ("Trains:FaultsPerHour", "0"), ("Trains:Seed", "3"), ("environment", "Development"));
        var page = await chromium.NewPageAsync(product.Address);
        var traps = await Traps.ArmAsync(page);
        await page.SignInAsync("operator", "<img src=x onerror=alert(1)>");

        await WalkLiveAsync(page, traps);
        await WalkTrainsAsync(page, traps);
        await WalkAlertsAsync(product, page, traps);
        await WalkTokensAsync(page, traps);
        await page.GotoAsync("/style");
        Assert.Equal("", await traps.SprungAsync(page));
    }

    private static async Task WalkLiveAsync(IPage page, Traps traps)
    {
        await page.LiveAsync();
        await page.Locator("#tab-trains").ClickAsync();
        await page.Locator($"tr[data-train='{HostileRecording.Id(HostileRecording.Corpus.Length - 1)}']").WaitForAsync();
        for (var n = 0; n < HostileRecording.Corpus.Length; n++)
        {
            var row = page.Locator($"tr[data-train='{HostileRecording.Id(n)}']");
            await Assertions.Expect(row).ToContainTextAsync(HostileRecording.Shown(n));
            await row.DispatchEventAsync("click"); // the panel of the one before lies over the rows
            await page.Locator("#train:not([hidden])").WaitForAsync();
        }

        await page.Locator(".search input").FillAsync("<img");
        await page.Locator("#found li").First.WaitForAsync();
        await page.Locator("#map").HoverAsync();
        Assert.Equal("", await traps.SprungAsync(page));
        await page.FitsAsync();
        await page.ShootAsync("hostile-live-1440-dark");
    }

    private static async Task WalkTrainsAsync(IPage page, Traps traps)
    {
        for (var n = 0; n < HostileRecording.Corpus.Length; n++)
        {
            await page.GotoAsync($"/trains/{HostileRecording.Id(n)}");
            await page.Locator(".values li").First.WaitForAsync();
            await Assertions.Expect(page.Locator(".values")).ToContainTextAsync("onerror=alert(1)");
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(HostileRecording.Shown(n));
            Assert.Equal("", await traps.SprungAsync(page));
            await page.FitsAsync();
        }

        await page.ShootAsync("hostile-train-1440-dark");
    }

    private static async Task WalkAlertsAsync(RunningProduct product, IPage page, Traps traps)
    {
        using var client = await product.SignInAsync("operator", "<script>alert(1)</script>");
        await client.WaitUntilCaughtUpAsync(8 * 300);
        var train = await client.PlantUntilAlertAsync("hotAxleBox", 7);
        var alert = (await client.FindAlertsAsync(train))[0].GetProperty("id").GetString();
        using var answer = await client.PostAsJsonAsync($"/api/alerts/{alert}/acknowledge", new { note = Note });
        answer.EnsureSuccessStatusCode();

        await page.GotoAsync($"/alerts?q={Uri.EscapeDataString("<img src=x onerror=alert(1)>")}&state={Uri.EscapeDataString("<script>alert(1)</script>")}");
        await page.AlertsAsync();
        await page.Locator("li.alert").First.ClickAsync();
        Assert.Equal("", await traps.SprungAsync(page));
        await page.ShootAsync("hostile-alerts-1440-dark");
        await page.GotoAsync($"/trains/{train}");
        await Assertions.Expect(page.Locator(".train-history")).ToContainTextAsync("<script>alert(1)</script>");
        Assert.Equal("", await traps.SprungAsync(page));
    }

    private static async Task WalkTokensAsync(IPage page, Traps traps)
    {
        await page.GotoAsync("/tokens");
        await page.Locator("#token-name").FillAsync("<img src=x onerror=alert(1)>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        await page.Locator("[data-secret]").WaitForAsync();
        await Assertions.Expect(page.Locator("tr[data-token]").First).ToContainTextAsync("<img src=x onerror=alert(1)>");
        Assert.Equal("", await traps.SprungAsync(page));
        await page.ShootAsync("tokens-1440-dark");
    }
}
