using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;

namespace OpsPortal.Browser.Tests.SignIn;

/// <summary>Executive, engineer and operator walk the three pages: each sees the fleet, and only who may act is offered to.</summary>
[Collection(House.Name)]
public sealed class RolesJourney(House house) : HouseTests(house)
{
    [Theory]
    [InlineData("executive", "Chief executive", false)]
    [InlineData("engineer", "Train engineer", false)]
    [InlineData("operator", "Operator", true)]
    public async Task Each_role_walks_live_train_and_alerts_and_is_offered_what_it_may_do(string persona, string role, bool mayAcknowledge)
    {
        var train = await House.FindUnacknowledgedAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SignInAsync(persona, "Walker");
        await page.LiveAsync();
        await Assertions.Expect(page.Locator(".signed-in .role")).ToHaveTextAsync(role);

        await page.Locator($".newest [data-train='{train}']").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the train" }).ClickAsync();
        await page.WaitForURLAsync($"**/trains/{train}**");
        await page.Locator(".bars .share").First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open in Alerts" }).ClickAsync();
        await page.WaitForURLAsync("**/alerts?**");
        await page.AlertsAsync();

        var open = page.Locator($"li.alert[data-train='{train}'][data-may=true]");
        if (mayAcknowledge)
        {
            await open.First.WaitForAsync();
            await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("Your role reads alerts");
        }
        else
        {
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Your role reads alerts");
            await Assertions.Expect(page.Locator(".acknowledge, .choose")).ToHaveCountAsync(0);
            await Assertions.Expect(open).ToHaveCountAsync(0);
        }

        await page.ShootAsync($"role-{persona}-alerts-1440-dark");
    }

    [Theory]
    [InlineData("executive")]
    [InlineData("engineer")]
    public async Task What_the_page_does_not_offer_the_api_refuses(string persona)
    {
        using var client = await House.Product.SignInAsync(persona, "Walker");
        var id = (await client.FindAlertsAsync(await House.FindUnacknowledgedAsync()))[0].GetProperty("id").GetString();

        using var answer = await client.PostAsJsonAsync($"/api/alerts/{id}/acknowledge", new { note = "may I?" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
