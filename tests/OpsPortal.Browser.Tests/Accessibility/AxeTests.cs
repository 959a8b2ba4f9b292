using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Accessibility;

/// <summary>axe finds nothing serious or critical, on any page, in both themes.</summary>
[Collection(House.Name)]
public sealed class AxeTests(House house) : HouseTests(house)
{
    private const string Run = """
        async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'] })).violations
          .filter(violation => violation.impact === 'serious' || violation.impact === 'critical')
          .map(violation => violation.impact + ' ' + violation.id + ': ' + violation.nodes.slice(0, 4).map(node => node.target.join(' ') + ' – ' + node.failureSummary.split('\n')[1]).join(' | ')))
        """;

    private static readonly string Axe = File.ReadAllText(Path.Combine(RunningProduct.Root, "node_modules", "axe-core", "axe.min.js"));

    [Theory]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Nothing_serious_on_any_page(ColorScheme scheme, int width)
    {
        await House.FindUnacknowledgedAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.GotoAsync("/sign-in");
        await ClearAsync(page, "sign-in");

        await page.SignInAsync("operator", "Operator One");
        await page.LiveAsync();
        await page.Locator(".newest-alert").First.WaitForAsync();
        await ClearAsync(page, "Live");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Search" }).FillAsync("3");
        await page.Locator("[role=option]").First.WaitForAsync();
        await ClearAsync(page, "Live, searching");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new("Trains") }).ClickAsync();
        await page.Locator("tr[data-train]").First.WaitForAsync();
        await ClearAsync(page, "Live, trains");
        await page.Locator("tr[data-train] .name").First.ClickAsync();
        await page.Locator("#train:not([hidden])").WaitForAsync();
        await ClearAsync(page, "Live, train panel");

        await page.GotoAsync("/alerts");
        await page.AlertsAsync();
        await page.Locator(".acknowledge").First.ClickAsync();
        await page.Locator("#note").WaitForAsync();
        await page.Locator("summary", new() { HasText = "Why and history" }).First.ClickAsync();
        await ClearAsync(page, "Alerts, panel open");
        await page.Locator("#note").PressAsync("Escape");
        // As long as the field is there it takes the key for a letter.
        await Assertions.Expect(page.Locator("#note")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#alert-keys")).ToBeVisibleAsync();
        await ClearAsync(page, "Alerts, keyboard help");

        // Of the last hour, as the house may be older than the quarter of one that is shown unasked.
        await page.GotoAsync($"/trains/{House.Troubled[0]}?range=1h");
        await page.Locator(".bars .share").First.WaitForAsync();
        await page.Locator(".plot").First.ScrollIntoViewIfNeededAsync();
        await page.Locator(".plot[data-points]").First.WaitForAsync();
        await ClearAsync(page, "Train");
        await page.GotoAsync("/trains/999-999");
        await ClearAsync(page, "Train that is not there");

        await page.GotoAsync("/sessions");
        await page.Locator("[data-session]").First.WaitForAsync();
        await ClearAsync(page, "Sessions");
        if (width < 600)
        {
            await page.FitsAsync();
        }

        await page.GotoAsync("/reports");
        await page.Locator(".report-kinds").WaitForAsync();
        await ClearAsync(page, "Reports");
        foreach (var report in new[] { "data", "alerts", "response", "worst" })
        {
            await page.GotoAsync($"/reports/{report}?period=today");
            await page.Locator("#reports[data-state=ready], #reports[data-state=stale]").WaitForAsync();
            await page.Locator(".report-figure summary").First.ClickAsync();
            await ClearAsync(page, $"Reports, {report}");
        }

        await page.GotoAsync("/style");
        await page.Locator(".style-page[data-ready]").WaitForAsync();
        await ClearAsync(page, "style");

        var engineer = await House.Chromium.NewPageAsync(House.Product.Address, width, width < 600 ? 844 : 900, scheme);
        await engineer.SignInAsync("engineer", "Engineer One", "/extracts");
        await engineer.Locator("main h1").WaitForAsync();
        await ClearAsync(engineer, "Extracts");
        await engineer.FitsAsync();
        await engineer.ShootAsync($"extracts-{Pages.Suffix(width, scheme)}");
        await engineer.GotoAsync("/workbench");
        await engineer.Locator("#workbench[data-ready]").WaitForAsync();
        await engineer.Locator(".cm-content").FillAsync("SELECT i, NULL AS empty FROM (VALUES (1), (:n)) AS v(i)");
        await ClearAsync(engineer, "Workbench, with a parameter");
        await engineer.Locator(".cm-content").FillAsync("SELECT 1 AS one, NULL AS two");
        await engineer.Locator(".run").ClickAsync();
        await engineer.Locator(".grid-body .grid-row").WaitForAsync();
        await engineer.Locator(".side-starters summary").ClickAsync();
        await ClearAsync(engineer, "Workbench, with a result");
    }

    /// <summary>Asserts it of the page as it stands.</summary>
    internal static async Task ClearAsync(IPage page, string what)
    {
        // Evaluated by the debugger: the page's own policy would rightly refuse a script from elsewhere.
        await page.EvaluateAsync(Axe);
        var found = JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(Run))!;
        Assert.True(found.Length == 0, $"{what}: {string.Join('\n', found)}");
    }
}
