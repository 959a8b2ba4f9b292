using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Live;

/// <summary>The page the chief executive leaves open all day.</summary>
[Collection(House.Name)]
public sealed class LiveJourney(House house) : HouseTests(house)
{
    [Fact]
    public async Task The_executive_finds_a_train_with_the_keyboard_alone_and_the_view_is_in_the_address()
    {
        var train = await House.FindHotAxleBoxAsync();
        var page = await OpenAsync("executive", "Chief");
        await page.Keyboard.PressAsync("/");
        var search = page.GetByRole(AriaRole.Combobox, new() { Name = "Search" });
        await Assertions.Expect(search).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync(train);
        await Assertions.Expect(page.Locator("[role=option][aria-selected=true] .kind")).ToHaveTextAsync("train");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#train h2")).ToHaveTextAsync(train.Replace('-', ' '));
        await Assertions.Expect(page.Locator("#train dd").Last).ToContainTextAsync("axle box");
        await Assertions.Expect(page.Locator("#train .ways a").First).ToHaveAttributeAsync("href", $"/trains/{train}");
        await page.WaitForURLAsync(url => url.Contains($"train={train}", StringComparison.Ordinal) && url.Contains("at=", StringComparison.Ordinal));
        await page.ShootAsync("live-train-1440-dark");

        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#train[hidden]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.WaitForURLAsync(url => !url.Contains("train=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_brings_back_centre_zoom_layers_list_and_train()
    {
        var page = await OpenAsync("executive", "Chief");
        await page.Locator(".map-layers summary").ClickAsync();
        await page.Locator(".map-layers input[value=stations]").UncheckAsync();
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new("Trains") }).ClickAsync();
        await page.Locator($"tr[data-train='{House.Troubled[0]}'] .name").ClickAsync();
        await page.Locator(".fit").SelectOptionAsync(new SelectOptionValue { Index = 2 });
        await page.WaitForURLAsync(url => url.Contains("at=", StringComparison.Ordinal));
        await page.WaitForTimeoutAsync(1_000);
        var address = page.Url;
        Assert.Contains("hide=stations", address, StringComparison.Ordinal);
        Assert.Contains("tab=trains", address, StringComparison.Ordinal);

        var other = await House.Chromium.NewPageAsync(House.Product.Address);
        await other.SignInAsync("executive", "Chief", new Uri(address).PathAndQuery);
        await other.LiveAsync();

        await Assertions.Expect(other).ToHaveURLAsync(address);
        await Assertions.Expect(other.Locator("#train h2")).ToBeVisibleAsync();
        await Assertions.Expect(other.Locator("#tab-trains")).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(other.Locator(".map-layers summary")).ToHaveTextAsync("Layers (1 hidden)");
    }

    [Fact]
    public async Task A_train_under_the_pointer_says_what_it_is()
    {
        var page = await OpenAsync("executive", "Chief");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Search" }).FillAsync(House.Troubled[0]);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains("at=", StringComparison.Ordinal));
        await page.WaitForTimeoutAsync(1_000);
        await page.Keyboard.PressAsync("Escape");
        var map = (await page.Locator("#map").BoundingBoxAsync())!;

        // The train goes on while the map stands: a few places round the middle. Only a pointer that moves asks the map, which answers with what it has
        // drawn by then: on a busy machine that is nothing yet, so the way is gone again until it is.
        await Eventually.IsTrueAsync("the train under the pointer says what it is", TimeSpan.FromSeconds(60), async () =>
        {
            for (var step = 0; step < 21 && !await page.Locator(".hover-card").IsVisibleAsync(); step++)
            {
                await page.Mouse.MoveAsync(map.X + (map.Width / 2) - 24 + (step % 7 * 8), map.Y + (map.Height / 2) - 16 + (step / 7 * 16), new() { Steps = 4 });
                await page.WaitForTimeoutAsync(120);
            }

            return await page.Locator(".hover-card").IsVisibleAsync();
        });

        await page.ShootAsync("live-hover-1440-dark");
        await Assertions.Expect(page.Locator(".hover-card .facts-line")).ToContainTextAsync("km/h");
    }

    [Theory]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Light)]
    public async Task It_fits_every_width_and_theme(int width, ColorScheme scheme)
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.SignInAsync("executive", "Chief");
        await page.LiveAsync();
        await page.WaitForTimeoutAsync(1_500);
        await page.FitsAsync();
        await page.ShootAsync($"live-{Pages.Suffix(width, scheme)}");
    }

    [Fact]
    public async Task Times_are_in_the_operators_zone_on_every_page_and_say_so()
    {
        await House.FindUnacknowledgedAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address, zone: "Asia/Kolkata");
        await page.SignInAsync("operator", "Zoned");
        await page.LiveAsync();
        await Assertions.Expect(page.Locator("#clock")).ToContainTextAsync("GMT+5:30");
        await Assertions.Expect(page.Locator("[data-figure=online] .as-of")).ToContainTextAsync("GMT+5:30");
        await page.GotoAsync("/alerts");
        await page.AlertsAsync();
        await Assertions.Expect(page.Locator("li.alert time").First).ToContainTextAsync("GMT+5:30");
        await Assertions.Expect(page.Locator("#connection .words")).ToContainTextAsync("GMT+5:30");

        await page.Locator("#zone").SelectOptionAsync("UTC");
        await Assertions.Expect(page.Locator("#clock")).ToContainTextAsync("UTC");
        await page.AlertsAsync();
        await Assertions.Expect(page.Locator("li.alert time").First).ToContainTextAsync("UTC");
        await page.GotoAsync("/");
        await page.LiveAsync();
        await Assertions.Expect(page.Locator("[data-figure=online] .as-of")).ToContainTextAsync("UTC");
    }

    private async Task<IPage> OpenAsync(string persona, string name)
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SignInAsync(persona, name);
        await page.LiveAsync();
        return page;
    }
}
