using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Hostile;

/// <summary>What a query brings back is as hostile as what a train sends: names of columns, values, and both in pictures.</summary>
public sealed class HostileQueryJourney(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Markup = "<img src=x onerror=alert(1)>";

    private const string Sql = $"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) SELECT i AS "<svg onload=alert(1)>", '{Markup}' || (i % 3) AS words, 'javascript:alert(1)' AS link FROM n
        """;

    [Fact]
    [Trait("Fault", "SEC-5")]
    public async Task No_value_of_a_result_becomes_code_in_table_or_picture()
    {
        await using var product = await RunningProduct.StartAsync(("Trains:Count", "2"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:00:30"));
        var page = await chromium.NewPageAsync(product.Address);
        var traps = await Traps.ArmAsync(page);
        await page.SignInAsync("engineer", "Engineer One", "/workbench");
        await page.Locator("#workbench[data-ready]").WaitForAsync();

        await page.Locator(".cm-content").FillAsync(Sql);
        await page.Locator(".run").ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Done");
        await Assertions.Expect(page.Locator(".grid-head")).ToContainTextAsync("<svg onload=alert(1)>");
        await Assertions.Expect(page.Locator(".grid-row[aria-rowindex='2']")).ToContainTextAsync($"{Markup}1");
        Assert.Equal("", await traps.SprungAsync(page));

        await page.Locator(".show-chart").ClickAsync();
        await page.Locator(".chart-choice select").First.SelectOptionAsync("bar");
        await page.Locator(".chart-choice", new() { HasText = "Along" }).Locator("select").SelectOptionAsync("words");
        await page.Locator(".chart-picture[aria-label] canvas").First.WaitForAsync();
        var box = (await page.Locator(".chart-picture").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2), new() { Steps = 4 });
        await page.WaitForTimeoutAsync(500); // what the picture says under the pointer comes a little later
        await page.ShootAsync("hostile-query-1440-dark");
        Assert.Equal("", await traps.SprungAsync(page));
    }
}
