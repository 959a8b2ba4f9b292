using System.Net;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Style;

/// <summary>Every component in every state, in both themes and widths: fits, and is pictured for people to look at.</summary>
[Collection(House.Name)]
public sealed class StylePageTests(House house) : HouseTests(house)
{
    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Every_component_in_every_state_fits(int width, ColorScheme scheme)
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address, width, 900, scheme);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        await page.SignInAsync("engineer", "Style", "/style");
        await page.Locator(".style-page[data-ready]").WaitForAsync();

        await page.FitsAsync();
        await ShootAsync(page, $"style-{Pages.Suffix(width, scheme)}");
        await Assertions.Expect(page.Locator("[data-train-sample] .plot canvas")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("[data-train-sample=stale] .value-tile[data-stale=false]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[data-sample] [data-figure=online]")).ToHaveCountAsync(7);
        Assert.Equal("", await page.EvaluateAsync<string>("""
            () => [...document.querySelectorAll("[data-sample]:is([data-sample=store], [data-sample=silent], [data-sample=loading], [data-sample=not-allowed]) [data-current='true']")].map(element => element.outerHTML.slice(0, 90)).join('\n')
            """));
        Assert.Empty(errors);
    }

    // In pieces: software graphics repeat themselves in pictures higher than a texture.
    private static async Task ShootAsync(IPage page, string name)
    {
        const int Piece = 4_000;
        var (width, height) = (page.ViewportSize!.Width, await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight"));
        for (var top = 0; top < height; top += Piece)
        {
            await page.SetViewportSizeAsync(width, Math.Min(Piece, height - top));
            await page.EvaluateAsync("top => scrollTo(0, top)", top);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, $"{name}-{(top / Piece) + 1}.png"), Timeout = 120_000 });
        }

        await page.SetViewportSizeAsync(width, 900);
    }

    [Fact]
    public async Task Where_the_product_is_not_developed_there_is_no_such_page()
    {
        await using var product = await RunningProduct.StartAsync(("Parts", "Portal"));
        using var client = await product.SignInAsync("engineer", "Style");
        client.DefaultRequestHeaders.Add("accept", "text/html");

        using var answer = await client.GetAsync(new Uri("/style", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
