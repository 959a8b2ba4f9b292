using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;

namespace OpsPortal.Browser.Tests.Alerts;

/// <summary>The page operators work at.</summary>
[Collection(House.Name)]
public sealed class AlertsJourney(House house) : HouseTests(house)
{
    [Fact]
    public async Task An_operator_narrows_saves_the_view_and_comes_back_to_it()
    {
        await House.FindHotAxleBoxAsync();
        var page = await OpenAsync("Saver");
        await page.Locator(".narrow input[name=q]").FillAsync("axle box");
        await page.Locator(".narrow input[name=q]").PressAsync("Enter");
        await page.WaitForURLAsync("**/alerts?q=axle*");
        await page.AlertsAsync();
        Assert.Equal(await page.Locator("li.alert").CountAsync(), await page.Locator("li.alert", new() { HasTextRegex = new("axle box", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).CountAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Save this view" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name of the view" }).FillAsync("Hot boxes");
        await page.Keyboard.PressAsync("Enter");
        await page.GotoAsync("/alerts");
        await page.AlertsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Hot boxes", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/alerts?q=axle*");
        await Assertions.Expect(page.Locator(".views a[aria-current]")).ToHaveTextAsync("Hot boxes");

        // Another operator at the same browser has views of their own.
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in");
        await page.SignInAsync("operator", "Somebody Else", "/alerts");
        await page.AlertsAsync();
        await Assertions.Expect(page.Locator(".views")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Columns_that_are_hidden_stay_hidden()
    {
        var page = await OpenAsync("Columns");
        await page.Locator(".columns summary").ClickAsync();
        await page.Locator(".columns input[value=last]").UncheckAsync();
        await Assertions.Expect(page.Locator("li.alert [data-column=last]").First).ToBeHiddenAsync();

        await page.ReloadAsync();
        await page.AlertsAsync();
        await Assertions.Expect(page.Locator("li.alert [data-column=last]").First).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("li.alert [data-column=raised]").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_alert_is_looked_into_and_acknowledged_by_keyboard_alone_while_new_ones_wait()
    {
        var page = await OpenAsync("Keyboard");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#alert-keys")).ToBeVisibleAsync();
        await page.ShootAsync("alerts-keys-1440-dark");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#alert-keys")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("li.alert").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("li.alert").First.Locator("details")).ToHaveAttributeAsync("open", "");
        var before = await page.Locator("li.alert").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.alert)");

        await House.PlantUntilAsync("a new alert waits", async () => await page.Locator(".new-bar button").IsVisibleAsync());
        await page.ShootAsync("alerts-new-1440-dark");
        Assert.Equal(before, await page.Locator("li.alert").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.alert)"));
        await Assertions.Expect(page.Locator("li.alert").First).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("n");
        await Assertions.Expect(page.Locator(".new-bar")).ToHaveCountAsync(0);
        await page.Locator("li.alert:has(.acknowledge)").First.FocusAsync();
        var id = await page.Locator("li.alert:has(.acknowledge)").First.GetAttributeAsync("data-alert");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator($"li.alert[data-alert='{id}'] .choose")).ToBeCheckedAsync();
        await page.Locator("#note").WaitForAsync();

        // Selecting must not take the cursor: there may be more to select.
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".acknowledge-panel .count")).ToHaveTextAsync("2 alerts selected");
        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(page.Locator("#note")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("taken by keyboard");
        await Assertions.Expect(page.Locator("#note")).ToHaveValueAsync("taken by keyboard");
        await page.ShootAsync("alerts-bulk-1440-dark");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".results li[data-outcome=Acknowledged]")).ToHaveCountAsync(2);
        await page.ShootAsync("alerts-results-1440-dark");
        await page.Locator($"li.alert[data-alert='{id}'] .delivery").WaitForAsync();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task It_fits_every_width_and_theme(int width, ColorScheme scheme)
    {
        await House.FindUnacknowledgedAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.SignInAsync("operator", "Fits", "/alerts");
        await page.AlertsAsync();
        await page.FitsAsync();
        await page.ShootAsync($"alerts-{Pages.Suffix(width, scheme)}");
    }

    private async Task<IPage> OpenAsync(string name)
    {
        await House.FindUnacknowledgedAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SignInAsync("operator", name, "/alerts");
        await page.AlertsAsync();
        return page;
    }
}
