using System.Diagnostics;
using Microsoft.Playwright;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>What tests wait for and read on the pages.</summary>
internal static class Pages
{
    /// <summary>Waits until Live shows trains, on the map and in figures.</summary>
    public static async Task LiveAsync(this IPage page)
    {
        await page.WaitForFunctionAsync("() => Number(document.querySelector('#map').dataset.trains) > 0 && document.querySelector('#map').dataset.current === 'true'");
        await page.Locator("[data-figure=online][data-current=true]").WaitForAsync();
    }

    /// <summary>Waits until the alert list shows alerts, hears keys and lives.</summary>
    public static async Task AlertsAsync(this IPage page)
    {
        // What the page's module makes: it begins to hear keys in the same breath.
        await page.Locator("alert-columns .columns").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("li.alert").First.WaitForAsync();
        await page.Locator("#connection[data-state=live]").WaitForAsync();
    }

    /// <summary>Waits until the alert is in the list; where it waits among the new ones, asks for them.</summary>
    public static Task RevealAsync(this IPage page, ILocator row) => Eventually.IsTrueAsync("the alert is in the list", TimeSpan.FromSeconds(60), async () =>
    {
        var bar = page.Locator(".new-bar button");
        if (await row.CountAsync() == 0 && await bar.CountAsync() > 0)
        {
            try
            {
                await bar.ClickAsync(new() { Timeout = 5_000 });
            }
            catch (TimeoutException)
            {
                // A new alert that clears is not waited for any more, and the bar goes with the last.
            }
        }

        return await row.CountAsync() > 0;
    });

    /// <summary>Nothing on the page may claim to be current. Answers with what does, in words; empty when nothing does.</summary>
    public static Task<string> FalselyCurrentAsync(this IPage page) => page.EvaluateAsync<string>("""
        () => [
          ...document.querySelectorAll("[data-current='true']"),
          ...document.querySelectorAll("#live [data-kind='online']:not(.figure [data-kind], .map-key [data-kind]), #connection[data-state='live'], [data-feed-state='live']"),
        ].map(element => element.outerHTML.slice(0, 120)).join('\n')
        """);

    /// <summary>From now on: errors of scripts, and whatever the content security policy had to forbid.</summary>
    public static List<string> Troubles(this IPage page)
    {
        var troubles = new List<string>();
        page.PageError += (_, error) => troubles.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                troubles.Add(message.Text);
            }
        };
        return troubles;
    }

    /// <summary>
    /// Asserts that the page is not wider than the window, and says what is. Charts and maps hear of a new width later than the page has it: they have
    /// a while to take it.
    /// </summary>
    public static async Task FitsAsync(this IPage page)
    {
        var wide = await FindWideAsync(page);
        for (var waited = Stopwatch.StartNew(); wide.Length > 0 && waited.Elapsed < TimeSpan.FromSeconds(15); wide = await FindWideAsync(page))
        {
            await Task.Delay(200);
        }

        Assert.Equal("", wide);
    }

    /// <summary>Where the picture of this width and theme goes.</summary>
    public static string Suffix(int width, ColorScheme scheme) => $"{width}-{(scheme == ColorScheme.Light ? "light" : "dark")}";

    private static Task<string> FindWideAsync(IPage page) => page.EvaluateAsync<string>("""
        () => document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('body *')]
          .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(element).position !== 'fixed')
          .slice(0, 5).map(element => element.tagName + '.' + element.className).join(' ') + ' ' + document.documentElement.scrollWidth
        """);
}
