using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;

namespace OpsPortal.Browser.Tests.Train;

/// <summary>The train page in both themes, wide and narrow.</summary>
[Collection(House.Name)]
public sealed class TrainPageFits(House house) : HouseTests(house)
{
    // Of the last hour, as the house may be older than the quarter of one that is shown unasked.
    private string Address => $"/trains/{House.Troubled[0]}?range=1h";

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task It_fits_every_width_and_theme(int width, ColorScheme scheme)
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.SignInAsync("engineer", "Fits", Address);
        await page.Locator(".bars .share").First.WaitForAsync();
        await page.Locator(".shadow-words:not(:empty)").WaitForAsync();
        await page.ShootAsync($"train-top-{Pages.Suffix(width, scheme)}");
        await page.FitsAsync();

        // Plots ask for their data when they come into view; three of them tell how all look.
        for (var i = 0; i < 3; i++)
        {
            var plot = page.Locator(".plot").Nth(i);
            await plot.ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(plot).ToHaveAttributeAsync("data-points", new System.Text.RegularExpressions.Regex("[1-9]"));
        }

        await page.ShootAsync($"train-scrolled-{Pages.Suffix(width, scheme)}");
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        await page.ShootWholeAsync($"train-whole-{Pages.Suffix(width, scheme)}");
        await page.FitsAsync();
    }

    [Fact]
    public async Task A_sensors_load_and_place_at_the_time_stand_beside_the_anomaly()
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SignInAsync("engineer", "Facts", Address);

        var facts = page.Locator(".anomaly-body .facts");
        await Assertions.Expect(facts).ToContainTextAsync("km/h");
        await Assertions.Expect(facts.Locator("dt", new() { HasText = "Load then" })).ToBeVisibleAsync();
        await Assertions.Expect(facts).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"traction current \d+: -?\d+ A|not measured on this train"));
    }
}
