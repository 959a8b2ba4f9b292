using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;

namespace OpsPortal.Browser.Tests.Faults;

/// <summary>BAD-55: the browser's clock is days off. Ages are the server's, on every page.</summary>
[Collection(House.Name)]
[Trait("Fault", "BAD-55")]
public sealed partial class WrongClock(House house) : HouseTests(house)
{
    // Every clock that scripts can read goes wrong by the same; the one that only runs goes on.
    private const string Off = """
        (days) => `
          const own = Date, off = ${days} * 86400000;
          window.Date = class extends own {
            constructor(...parts) { super(...(parts.length === 0 ? [own.now() + off] : parts)); }
            static now() { return own.now() + off; }
          };`
        """;

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task A_browser_whose_clock_is_three_days_off_shows_the_servers_ages(int days)
    {
        await House.FindUnacknowledgedAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.AddInitScriptAsync(await page.EvaluateAsync<string>(Off, days));
        await page.SignInAsync("operator", "Off");
        Assert.InRange(await page.EvaluateAsync<double>("() => (Date.now() - performance.timeOrigin - performance.now()) / 86400000"), days - 0.1, days + 0.1);

        await page.LiveAsync();
        await page.Locator(".newest .age").First.WaitForAsync();
        Assert.All(await AgesAsync(page, ".newest .age"), AssertMinutes);
        await page.Locator("#tab-trains").ClickAsync();
        await page.Locator($"tr[data-train='{House.Troubled[0]}']").DispatchEventAsync("click");
        await page.Locator("#train:not([hidden])").WaitForAsync();
        var panel = await page.Locator("#train").InnerTextAsync();
        Assert.NotEmpty(Ages().Matches(panel));
        Assert.All(Ages().Matches(panel).Select(match => match.Value), AssertMinutes);

        await page.GotoAsync($"/trains/{House.Troubled[0]}");
        await page.Locator(".values li").First.WaitForAsync();
        await Assertions.Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
        // Every value is dated before the page is current, and while the train is in a tunnel; with the browser's clock it would be so for ever.
        await Assertions.Expect(page.Locator(".value-tile[data-stale=true]")).ToHaveCountAsync(0, new() { Timeout = 240_000 });
        Assert.All(Ages().Matches(await page.Locator("main").InnerTextAsync()).Select(match => match.Value), AssertMinutes);

        await page.GotoAsync("/alerts");
        await page.AlertsAsync();
        Assert.All(Ages().Matches(await page.Locator("main").InnerTextAsync()).Select(match => match.Value), AssertMinutes);
    }

    private static async Task<IReadOnlyList<string>> AgesAsync(IPage page, string selector) => await page.Locator(selector).AllInnerTextsAsync();

    // The house is minutes old: nothing in it can have been for hours, nor be yet to come.
    private static void AssertMinutes(string age) => Assert.Matches(@"^\d+ (s|min) ago$", age.Trim());

    [GeneratedRegex(@"-?\d+ (s|min|h|d|days?) ago")]
    private static partial Regex Ages();
}
