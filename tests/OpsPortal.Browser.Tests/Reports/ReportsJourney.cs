using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Accessibility;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Reports;

/// <summary>A business user looks at figures, asks what is behind them, and takes them along on paper.</summary>
[Collection(House.Name)]
public sealed class ReportsJourney(House house) : HouseTests(house)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_business_user_opens_reports_changes_the_period_goes_down_to_the_alerts_and_comes_back()
    {
        await WarehouseKnowsAlertsAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        var troubles = page.Troubles();
        await page.SignInAsync("business", "Business One", "/reports");
        await page.ShootAsync("reports-1440-dark");
        await page.Locator(".report-kinds a", new() { HasText = "How many alerts" }).ClickAsync();
        await ReadyAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "30 days" }).ClickAsync();
        await page.WaitForURLAsync("**/reports/alerts?period=30d");
        await ReadyAsync(page);
        var raised = await CountAsync(page, "alertsRaised");
        Assert.True(raised > 0);
        Assert.Equal(raised, await CountAsync(page, "criticalRaised") + await CountAsync(page, "warningRaised") + await CountAsync(page, "watchRaised"));

        await GoesDownToTheAlertsAndBackAsync(page, raised);
        await ChartsFollowTheThemeAsync(page);
        await PaperHasTitleAndChartsAsync(page);
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task A_train_leads_to_its_report_and_the_report_back_to_the_train()
    {
        await WarehouseKnowsAlertsAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SignInAsync("engineer", "Engineer One", $"/trains/{House.Troubled[0]}");
        await page.Locator(".to-report").ClickAsync();
        await ReadyAsync(page);

        Assert.Contains($"train={House.Troubled[0]}", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("[data-table=byTrain] tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "To the train" }).ClickAsync();
        await page.WaitForURLAsync($"**/trains/{House.Troubled[0]}");
    }

    [Fact]
    public async Task A_business_user_has_a_report_sent_every_week_gets_one_at_once_and_ends_it()
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        var troubles = page.Troubles();
        await page.SignInAsync("business", "Mia", "/reports/worst?line=West%20Coast");
        await ReadyAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "By mail…" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Line")).ToHaveValueAsync("West Coast");
        await page.GetByLabel("to", new() { Exact = true }).FillAsync("mia@elsewhere.example");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("trains.example only");
        await page.GetByLabel("to", new() { Exact = true }).FillAsync("mia@trains.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Have it sent" }).ClickAsync();
        var row = page.Locator("tr[data-mail]");
        await Assertions.Expect(row).ToContainTextAsync("Worst trains, line West Coast");
        await Assertions.Expect(row).ToContainTextAsync("Mondays, 07:00");

        await row.GetByRole(AriaRole.Button, new() { Name = "Send now: Worst trains" }).ClickAsync();
        await Assertions.Expect(page.Locator(".report-mails .notice")).ToContainTextAsync("The mail server has taken it");
        var mail = Assert.Single(await House.Mail.MailsAsync(1));
        Assert.StartsWith("OpsPortal · Worst trains", mail.Subject, StringComparison.Ordinal);
        await MailReadsWellAsync(mail.Html);
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Dark), (1440, ColorScheme.Light), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, width < 600 ? 844 : 900);
            await page.FitsAsync();
            await AxeTests.ClearAsync(page, $"Reports by mail, {Pages.Suffix(width, scheme)}");
            await page.ShootWholeAsync($"reports-mail-{Pages.Suffix(width, scheme)}");
        }

        await row.GetByRole(AriaRole.Button, new() { Name = "End Worst trains" }).ClickAsync();
        await Assertions.Expect(page.Locator(".empty")).ToHaveTextAsync("No reports by mail yet.");
        Assert.Empty(troubles);
    }

    // As a mail program shows it: by itself.
    private async Task MailReadsWellAsync(string html)
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SetContentAsync(html);
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Worst trains");
        await AxeTests.ClearAsync(page, "a report as a mail");
        await page.ShootWholeAsync("reports-mail-itself");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Every_report_fits_any_screen(int width, ColorScheme scheme)
    {
        await WarehouseKnowsAlertsAsync();
        var page = await House.Chromium.NewPageAsync(House.Product.Address, width, width < 600 ? 844 : 900, scheme);
        await page.SignInAsync("business", "Business One", "/reports");
        await page.FitsAsync();
        foreach (var report in new[] { "data", "alerts", "response", "worst" })
        {
            await page.GotoAsync($"/reports/{report}?period=today");
            await ReadyAsync(page);
            await page.FitsAsync();
            await page.ShootWholeAsync($"reports-{report}-{Pages.Suffix(width, scheme)}");
        }
    }

    [Fact]
    public async Task A_report_that_cannot_be_had_says_why_and_can_be_asked_again()
    {
        var page = await House.Chromium.NewPageAsync(House.Product.Address);
        await page.SignInAsync("business", "Business One", "/reports");
        await page.RouteAsync("**/api/reports/**", route => route.AbortAsync());
        await page.GotoAsync("/reports/data");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("The portal cannot be reached.");

        await page.UnrouteAllAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await ReadyAsync(page);
        await Assertions.Expect(page.Locator(".problem")).ToBeHiddenAsync();

        await page.GotoAsync("/reports/alerts?from=2026-11-15&to=2026-11-01");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("The first day is after the last one");
        await page.GotoAsync("/reports/alerts?line=Nowhere&period=today");
        await Assertions.Expect(page.Locator("[data-notice=limited]")).ToContainTextAsync("is inside what you may see");
        await Assertions.Expect(page.Locator("[data-figure=timeToClear], [data-figure=alertsRaised] .value").First).ToHaveTextAsync("0");
    }

    private static async Task GoesDownToTheAlertsAndBackAsync(IPage page, int raised)
    {
        await page.Locator("[data-figure=alertsRaised] .value a").ClickAsync();
        await page.WaitForURLAsync("**/alerts?state=any&from=**");
        await page.AlertsAsync();
        await Assertions.Expect(page.Locator(".filter")).ToContainTextAsync("in any state");
        await Assertions.Expect(page.Locator(".filter")).ToContainTextAsync("raised from");
        // One may have been raised since the report was made.
        Assert.True(await page.Locator("li.alert").CountAsync() >= Math.Min(raised, 20));
        await page.ShootAsync("reports-behind-1440-dark");
        await page.GoBackAsync();
        await page.WaitForURLAsync("**/reports/alerts?period=30d");
        await ReadyAsync(page);
        await page.ShootWholeAsync("reports-alerts-1440-dark");
    }

    private static async Task ChartsFollowTheThemeAsync(IPage page)
    {
        const string Picture = "() => document.querySelector('.report-chart canvas').toDataURL()";
        var dark = await page.EvaluateAsync<string>(Picture);
        await page.Locator("#theme").ClickAsync();
        await page.WaitForFunctionAsync("(before) => document.querySelector('.report-chart canvas').toDataURL() !== before", dark);
        await page.Locator("#theme").ClickAsync();
        await Assertions.Expect(page.Locator(".report-chart canvas")).ToHaveCountAsync(await page.Locator(".report-chart[role=img][aria-label]").CountAsync());
    }

    private static async Task PaperHasTitleAndChartsAsync(IPage page)
    {
        var file = await page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = true });
        await File.WriteAllBytesAsync(Path.Combine(Chromium.Screenshots, "reports-alerts.pdf"), file);
        var text = Encoding.Latin1.GetString(file);
        Assert.StartsWith("%PDF", text, StringComparison.Ordinal);
        Assert.True(file.Length > 20_000, $"{file.Length} bytes");
        // The title stands there as hexadecimal UTF-16.
        Assert.Contains(Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes("Alerts · Reports")), text, StringComparison.OrdinalIgnoreCase);
        // Charts are drawn anew for paper, in the light theme's colours.
        Assert.Contains(Streams(file), stream => stream.Contains(".702 .1255 .102 rg", StringComparison.Ordinal));
        Assert.Equal("dark", await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
    }

    private static IEnumerable<string> Streams(byte[] pdf)
    {
        for (var at = 0; (at = pdf.AsSpan(at).IndexOf("stream\n"u8) is var next and >= 0 ? at + next + 7 : -1) > 0;)
        {
            if (pdf[at] != 0x78)
            {
                continue;
            }

            using var inflated = new ZLibStream(new MemoryStream(pdf, at, pdf.Length - at), CompressionMode.Decompress);
            using var reader = new StreamReader(inflated, Encoding.Latin1);
            yield return reader.ReadToEnd();
        }
    }

    private static async Task<int> CountAsync(IPage page, string figure) =>
        int.Parse(await page.Locator($"[data-figure={figure}] .value").InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static async Task ReadyAsync(IPage page)
    {
        await page.Locator("#reports[data-state=ready], #reports[data-state=stale]").WaitForAsync();
        Assert.True(await page.Locator(".report-section table, .report-section .empty").CountAsync() > 0);
    }

    private async Task WarehouseKnowsAlertsAsync()
    {
        using var client = await House.Product.SignInAsync("business", "Filler");
        await Eventually.IsTrueAsync("the warehouse knows the alerts", Patience, async () =>
        {
            var report = await client.GetFromJsonAsync<JsonElement>($"/api/reports/worst?train={House.Troubled[0]}");
            return report.GetProperty("figures")[0].GetProperty("value").GetDouble() > 0;
        });
    }
}
