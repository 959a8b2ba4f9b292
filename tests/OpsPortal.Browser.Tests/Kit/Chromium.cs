using Microsoft.Playwright;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>Debian's Chromium, driven by Playwright. Its WebGL is software: maps are asserted on what they hold, not on speed.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Folder that screenshots go to, for people to look at; not committed.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(OpsPortal.Tests.Kit.RunningProduct.Root, "artifacts", "screenshots")).FullName;

    public async Task InitializeAsync()
    {
        // Three rows share two processors: what comes within five seconds alone, Playwright's own patience, may take longer here. For all there are.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Closes all pages: a test that failed must not leave maps behind that take the machine from the next.</summary>
    public async Task CloseAllAsync()
    {
        foreach (var context in _browser!.Contexts.ToList())
        {
            await context.CloseAsync();
        }
    }

    /// <summary>A fresh browser profile with one page.</summary>
    public async Task<IPage> NewPageAsync(Uri address, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark, string zone = "UTC")
    {
        // A provider of a test has a certificate by an authority of that test.
        var context = await _browser!.NewContextAsync(new() { BaseURL = address.ToString(), ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, TimezoneId = zone, IgnoreHTTPSErrors = true });
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }
}
