using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;

namespace OpsPortal.Browser.Tests.SignIn;

/// <summary>A page that lost its connection takes its circuit up again for the session it was begun in, and for no other that the browser has by then.</summary>
[Collection(House.Name)]
[Trait("Fault", "SEC-12")]
public sealed class StrangersCircuit(House house) : HouseTests(house)
{
    [Fact]
    public async Task A_page_of_somebody_else_does_not_come_to_life_again_on_the_next_ones_cookie()
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await House.FindUnacknowledgedAsync();
        await page.SignInAsync("operator", "First", "/alerts");
        await page.AlertsAsync();
        var first = (await page.Context.CookiesAsync()).Single(cookie => cookie.Name == "__Host-opsportal").Value;
        await page.Context.AddCookiesAsync([new() { Name = "__Host-opsportal", Value = await TokenAsync("Second"), Url = $"https://localhost:{House.Product.Port}/", Secure = true, HttpOnly = true, SameSite = SameSiteAttribute.Lax }]);

        // First's session ends and with it the page's connections: the page tries to come back, now as Second.
        using var client = new HttpClient { BaseAddress = House.Product.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", first);
        Assert.True((await client.DeleteAsync("/api/sessions")).IsSuccessStatusCode);

        await Assertions.Expect(page.Locator(".signed-in .who")).ToHaveTextAsync("Second", new() { Timeout = 90_000 });
        await page.AlertsAsync();
    }

    [Fact]
    public async Task A_page_of_the_same_session_goes_on_where_it_was()
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        var open = new ConcurrentBag<IWebSocketRoute>();
        await page.RouteWebSocketAsync(new Regex("/_blazor"), route =>
        {
            route.ConnectToServer();
            open.Add(route);
        });
        await House.FindUnacknowledgedAsync();
        await page.SignInAsync("operator", "Stayer", "/alerts");
        await page.AlertsAsync();
        await page.EvaluateAsync("() => { document.body.dataset.same = 'yes'; }");
        var before = open.Count;

        foreach (var route in open)
        {
            await route.CloseAsync();
        }

        await OpsPortal.Tests.Kit.Eventually.IsTrueAsync("the page has come back", TimeSpan.FromSeconds(90), () => Task.FromResult(open.Count > before));
        await page.Locator("#connection[data-state=live]").WaitForAsync();
        await page.WaitForTimeoutAsync(5_000);
        Assert.Equal("yes", await page.EvaluateAsync<string>("() => document.body.dataset.same ?? 'reloaded'"));
    }

    private async Task<string> TokenAsync(string name)
    {
        using var client = new HttpClient { BaseAddress = House.Product.Address };
        using var answer = await client.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }
}
