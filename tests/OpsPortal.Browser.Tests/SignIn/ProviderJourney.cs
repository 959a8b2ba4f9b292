using System.Collections.Concurrent;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Browser.Tests.SignIn;

/// <summary>People sign in at a certified provider in a real browser, work with live pages open, and are signed out: by themselves, by an administrator.</summary>
[Trait("Peer", "oidc-provider")]
public sealed class ProviderJourney : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Chromium _chromium = new();
    private readonly int _port = FreePorts.Take();
    private RealProvider _provider = null!;
    private RunningProduct _product = null!;

    public async Task InitializeAsync()
    {
        await _chromium.InitializeAsync();
        _provider = await RealProvider.StartAsync(_port);
        _product = await RunningProduct.StartOnAsync(_port, RealProvider.Environment, [.. _provider.Settings, ("Trains:Count", "6"), ("Trains:FaultsPerHour", "0")]);
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await _product.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    [Trait("Fault", "SEC-12")]
    public async Task Signing_in_working_and_signing_out_everywhere_leaves_nothing_open_behind()
    {
        var page = await _chromium.NewPageAsync(_product.Address);
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
            {
                complaints.Enqueue(message.Text);
            }
        };

        await SignInAsync(page, "olga", "/alerts");
        Assert.EndsWith("/alerts", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator(".signed-in .who")).ToHaveTextAsync("Olga Operator");
        await page.Locator("#connection[data-state=live]").WaitForAsync();
        var live = await page.Context.NewPageAsync();
        await live.GotoAsync("/");
        await live.Locator("#connection[data-state=live]").WaitForAsync();
        await page.ShootAsync("provider-signed-in-1440-dark");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" }).ClickAsync();
        await page.WaitForURLAsync("**/signed-out");
        await page.ShootAsync("provider-signed-out-1440-dark");

        await live.Locator("#connection:not([data-state=live])").WaitForAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("li.alert, .signed-in")).ToHaveCountAsync(0);
        await page.GotoAsync("/alerts");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the test provider" }).ClickAsync();
        await page.Locator("input[name=login]").WaitForAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    [Trait("Fault", "SEC-12")]
    [Trait("Fault", "SEC-15")]
    public async Task An_administrator_ends_a_session_and_its_open_pages_come_to_life_for_nobody_else()
    {
        var page = await _chromium.NewPageAsync(_product.Address);
        await SignInAsync(page, "olga", "/alerts");
        await page.Locator("#connection[data-state=live]").WaitForAsync();
        var admin = await _chromium.NewPageAsync(_product.Address);
        await SignInAsync(admin, "adam", "/sessions");
        await admin.ShootAsync("sessions-1440-dark");

        await admin.GetByRole(AriaRole.Button, new() { Name = "End the session of Olga Operator" }).ClickAsync();
        await Assertions.Expect(admin.Locator(".notice")).ToContainTextAsync("The session has ended.");

        // The page loses its circuit, finds nobody signed in, and ends on the sign-in page by itself.
        await Eventually.IsTrueAsync("the open page is left", Patience, () => Task.FromResult(page.Url.Contains("/sign-in", StringComparison.Ordinal)));
        Assert.DoesNotContain("Unhandled exception", _product.Output, StringComparison.Ordinal);
    }

    private static async Task SignInAsync(IPage page, string login, string path)
    {
        await page.GotoAsync(path);
        await page.WaitForURLAsync("**/sign-in?**");
        await page.ShootAsync("sign-in-provider-1440-dark");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the test provider" }).ClickAsync();
        await page.Locator("input[name=login]").FillAsync(login);
        await page.Locator("input[name=password]").FillAsync("any");
        await page.Locator("button[type=submit]").ClickAsync();
        await page.Locator("input[name=prompt][value=consent]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("button[type=submit]").ClickAsync();
        await page.WaitForURLAsync(url => url.EndsWith(path, StringComparison.Ordinal) && url.StartsWith("http://localhost", StringComparison.Ordinal));
    }
}
