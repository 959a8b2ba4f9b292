using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Audit;

/// <summary>An administrator looks somebody's acts up, verifies the audit, has it tampered with behind the portal's back, and is told where.</summary>
public sealed class AuditJourney(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(RunningProduct.Root, "node_modules", "axe-core", "axe.min.js"));

    [Fact]
    public async Task Acts_are_found_verified_and_what_was_tampered_with_is_told_on_the_page_and_by_the_command()
    {
        await using var product = await RunningProduct.StartAsync(("Parts", "Portal"), ("Audit:HeadEvery", "00:00:01"));
        for (var i = 0; i < 120; i++)
        {
            (await product.SignInAsync("operator", $"Operator {i % 9}")).Dispose();
        }

        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("administrator", "Auditor", "/audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Audit", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tr[data-number]")).ToHaveCountAsync(100);
        await ClearAsync(page);
        await page.ShootAsync("audit-1440-dark");

        // Filters and place stand in the address, by keyboard alone.
        await page.GetByLabel("Who").FillAsync("Operator 3");
        await page.GetByLabel("Who").PressAsync("Enter");
        await page.WaitForURLAsync("**/audit?who=Operator*3*");
        Assert.Equal(["Operator 3"], (await page.Locator("tr[data-number] td:nth-child(3)").AllTextContentsAsync()).Distinct());
        await page.GotoAsync("/audit");
        var oldest = (await page.Locator("tr[data-number]").Last.GetAttributeAsync("data-number"))!;
        await page.Locator("a[rel=next]").ClickAsync();
        await page.WaitForURLAsync($"**/audit?before={oldest}");
        await Assertions.Expect(page.Locator(".audit-pages")).ToContainTextAsync("These are the oldest");

        await VerifyAsync(page, "intact");
        await page.ShootAsync("audit-intact-1440-dark");
        Assert.Equal(0, await CommandAsync(product));

        await TamperAsync(product, "UPDATE audit SET who = 'Operator 9' WHERE number = 77");
        await VerifyAsync(page, "broken");
        await Assertions.Expect(page.Locator("[data-verdict=broken]")).ToContainTextAsync("row 77 is not what was written");
        Assert.Equal(1, await CommandAsync(product));

        await page.SetViewportSizeAsync(390, 844);
        await ClearAsync(page);
        await page.FitsAsync();
        await page.ShootWholeAsync("audit-broken-390-dark");
    }

    private static async Task VerifyAsync(IPage page, string verdict)
    {
        await Eventually.IsTrueAsync($"the page says {verdict}", TimeSpan.FromSeconds(90), async () =>
        {
            // A verdict may be an earlier one, or of before the head was signed: it is asked for again. Before the circuit is there the button does nothing.
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Verify") }).ClickAsync();
            await page.WaitForTimeoutAsync(500);
            await Assertions.Expect(page.Locator(".audit-check button")).ToBeEnabledAsync();
            return await page.Locator($"[data-verdict={verdict}]").CountAsync() == 1;
        });
    }

    private static async Task TamperAsync(RunningProduct product, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(product.DataFolder, "operations.db")};Pooling=False");
        await connection.OpenAsync();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<int> CommandAsync(RunningProduct product)
    {
        var assembly = Path.Combine(RunningProduct.Root, "artifacts", "bin", "OpsPortal", RunningProduct.Build, "OpsPortal.dll");
        using var command = Process.Start(new ProcessStartInfo("dotnet", [assembly, "audit-verify", $"--Data:Folder={product.DataFolder}"]) { WorkingDirectory = RunningProduct.Root })!;
        await command.WaitForExitAsync();
        return command.ExitCode;
    }

    private static async Task ClearAsync(IPage page)
    {
        await page.EvaluateAsync(Axe);
        var found = JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(
            "async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'] })).violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => v.id + ': ' + v.nodes.slice(0, 4).map(n => n.target.join(' ')).join(' | ')))"))!;
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
