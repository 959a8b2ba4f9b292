using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Browser.Tests.Recordings;

/// <summary>A morning of Iarnród Éireann at sixty times its pace: a minute of the file is a second of the clock.</summary>
[Collection(Patient.Collection)]
public sealed class IrishRailJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    // The file is a poll a minute, now and then missing one; the page shows a poll as its rows arrive.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2.5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string NewestOriginal = "Math.max(0, ...[...document.querySelectorAll('tr[data-train]')].map(row => Number(row.dataset.originalMeasuredAt ?? 0)))";

    [RecordedDataFact]
    public async Task Trains_appear_stop_and_disappear_as_the_file_says()
    {
        var path = RecordedData.Path("movements", "irish-rail", "positions_2025-09-23.csv.gz");
        var day = IrishDay.Read(path);
        await using var product = await RunningProduct.StartAsync(
            ("Trains:Recordings:0", path), ("Trains:RecordingsFrom", "06:30:00"), ("Trains:Speed", "60"), ("Trains:Count", "0"), ("Trains:FaultsPerHour", "0"));
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One");

        // Before a quarter of an hour is played, trains that last spoke before the beginning are not known to the product.
        var first = await CompareAsync(page, day, Utc(6, 45));
        await TheMapIsOverIrelandAsync(page);
        await page.ShootAsync("live-irish-rail-1440-dark");
        // One that goes on: another may be gone by now.
        await TheOriginalTimeIsShownAsync(page, first.First(day.RunningThroughout(Utc(6, 45), Utc(7, 30)).Contains));

        var second = await CompareAsync(page, day, Utc(7, 10));
        output.WriteLine($"running first {first.Count}, later {second.Count}; came {second.Except(first).Count()}, went {first.Except(second).Count()}");
        Assert.NotEmpty(second.Except(first));
        Assert.NotEmpty(first.Except(second));
        await NoSpeedIsMadeUpAsync(page);
        await page.ShootAsync("live-irish-rail-later-1440-dark");
        await AMapThatSomebodyMovedIsTheirsAsync(page);
    }

    // The trains that the page shows online are those that the file has running then. The slack is some seconds of the clock: a machine that is busy for
    // as long shows half a poll, so it is compared again a moment later.
    private async Task<HashSet<string>> CompareAsync(IPage page, IrishDay day, DateTimeOffset moment)
    {
        await page.WaitForFunctionAsync("() => " + NewestOriginal + $" >= {moment.ToUnixTimeMilliseconds()}", null, new() { Timeout = 120_000 });
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(500))
        {
            var (online, missing, tooMany) = await DifferAsync(page, day);
            if ((missing.Count == 0 && tooMany.Count == 0) || waited.Elapsed > Patience)
            {
                Assert.Empty(missing);
                Assert.Empty(tooMany);
                return online;
            }
        }
    }

    private async Task<(HashSet<string> Online, HashSet<string> Missing, HashSet<string> TooMany)> DifferAsync(IPage page, IrishDay day)
    {
        var shown = await page.EvaluateAsync<JsonElement>($$"""
            () => ({ at: {{NewestOriginal}}, online: [...document.querySelectorAll('tr[data-train][data-connectivity=online]')].map(row => row.dataset.train) })
            """);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(shown.GetProperty("at").GetInt64());
        var online = shown.GetProperty("online").EnumerateArray().Select(train => train.GetString()!).ToHashSet();
        var throughout = day.RunningThroughout(at - Slack, at + Slack);
        var ever = day.RunningEver(at - Slack, at + Slack);
        output.WriteLine($"{at:HH:mm:ss}: online {online.Count}, running throughout {throughout.Count}, at some moment {ever.Count}");
        Assert.True(throughout.Count > 20);
        return (online, [.. throughout.Except(online)], [.. online.Except(ever)]);
    }

    private static async Task TheMapIsOverIrelandAsync(IPage page)
    {
        var positions = await page.ReadPositionsAsync();
        Assert.NotEmpty(positions);
        // Centred over Ireland, not over the network's Britain.
        await page.WaitForFunctionAsync("() => { const [w, s, e, n] = (document.querySelector('#map').dataset.bounds ?? '').split(',').map(Number); return (w + e) / 2 < -6 && (s + n) / 2 < 54; }");
        var bounds = (await page.Locator("#map").GetAttributeAsync("data-bounds"))!.Split(',').Select(Portal.Number).ToArray();
        foreach (var (train, position) in positions)
        {
            var (latitude, longitude) = (Portal.Number(position.Split(',')[0]), Portal.Number(position.Split(',')[1]));
            Assert.True(latitude is > 51.4 and < 55.4 && longitude is > -10.5 and < -5.4, $"{train} at {position}");
            Assert.True(longitude > bounds[0] && latitude > bounds[1] && longitude < bounds[2] && latitude < bounds[3], $"{train} at {position} is outside {string.Join(", ", bounds)}");
        }
    }

    // Most of the fleet is outside what they chose to look at, and the map would go there by itself.
    private static async Task AMapThatSomebodyMovedIsTheirsAsync(IPage page)
    {
        var map = page.Locator("#map");
        await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await FramesPassAsync(page, 8);
        var chosen = await map.GetAttributeAsync("data-bounds");
        var sides = chosen!.Split(',').Select(Portal.Number).ToArray();
        Assert.Contains(await page.ReadPositionsAsync(), train => Portal.Number(train.Value.Split(',')[0]) is var latitude && (latitude < sides[1] || latitude > sides[3]));
        await FramesPassAsync(page, 8);
        Assert.Equal(chosen, await map.GetAttributeAsync("data-bounds"));
    }

    private static async Task FramesPassAsync(IPage page, int frames)
    {
        var before = int.Parse((await page.Locator("#map").GetAttributeAsync("data-frame"))!, CultureInfo.InvariantCulture);
        await page.WaitForFunctionAsync($"() => Number(document.querySelector('#map').dataset.frame) >= {before + frames}");
    }

    private static async Task TheOriginalTimeIsShownAsync(IPage page, string train)
    {
        await page.Locator("#tab-trains").ClickAsync();
        await page.Locator($"tr[data-train='{train}'] button").ClickAsync();
        await page.Locator("#train").GetByText("2025-09-23 0").WaitForAsync();
        await Assertions.Expect(page.Locator("#train")).ToContainTextAsync("(original time)");
        await page.ShootAsync("live-irish-rail-train-1440-dark");
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task NoSpeedIsMadeUpAsync(IPage page)
    {
        var speeds = await page.EvaluateAsync<string[]>("() => [...new Set([...document.querySelectorAll('tr[data-train] .speed')].map(cell => cell.textContent))]");
        Assert.Equal(["–"], speeds);
    }

    private static DateTimeOffset Utc(int hour, int minute) => new(2025, 9, 23, hour, minute, 0, TimeSpan.Zero);
}
