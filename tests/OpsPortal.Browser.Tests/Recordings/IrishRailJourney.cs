using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Browser.Tests.Recordings;

/// <summary>A morning of Iarnród Éireann at sixty times its pace: a minute of the file is a second of the clock.</summary>
public sealed class IrishRailJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    // What the walk from file to page may take, in the file's time: a poll of the file, a turn of the loop, a frame, a renewal of the list.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(4);

    [RecordedDataFact]
    public async Task Trains_appear_stop_and_disappear_as_the_file_says()
    {
        var path = RecordedData.Path("movements", "irish-rail", "positions_2025-09-23.csv.gz");
        var day = IrishDay.Read(path);
        await using var product = await RunningProduct.StartAsync(
            ("Trains:Recordings:0", path), ("Trains:RecordingsFrom", "06:00:00"), ("Trains:Speed", "60"), ("Trains:Count", "0"), ("Trains:FaultsPerHour", "0"));
        using var client = await product.SignInAsync("operator", "Operator One");
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One");

        var first = await CompareAsync(page, client, day, Utc(6, 30));
        await TheMapIsOverIrelandAsync(page);
        await page.ShootAsync("live-irish-rail-1440-dark");
        await TheOriginalTimeIsShownAsync(page, first.First());

        var second = await CompareAsync(page, client, day, Utc(7, 15));
        output.WriteLine($"running first {first.Count}, later {second.Count}; came {second.Except(first).Count()}, went {first.Except(second).Count()}");
        Assert.NotEmpty(second.Except(first));
        Assert.NotEmpty(first.Except(second));
        await NoSpeedIsMadeUpAsync(page);
        await page.ShootAsync("live-irish-rail-later-1440-dark");
    }

    // The trains that the page shows online are those that the file has running then.
    private async Task<HashSet<string>> CompareAsync(IPage page, HttpClient client, IrishDay day, DateTimeOffset moment)
    {
        var before = await PlayedToAsync(client, moment);
        await page.WaitForFunctionAsync("() => document.querySelector('#map')?.dataset.trains > 20");
        var online = (await ReadOnlineAsync(page)).ToHashSet();
        var after = await PlayedToAsync(client, moment);
        var throughout = day.RunningThroughout(before - Slack, after + Slack);
        var ever = day.RunningEver(before - Slack, after + Slack);
        output.WriteLine($"{before:HH:mm:ss} to {after:HH:mm:ss}: online {online.Count}, running throughout {throughout.Count}, ever {ever.Count}");
        Assert.Empty(throughout.Except(online));
        Assert.Empty(online.Except(ever));
        Assert.True(throughout.Count > 20);
        return online;
    }

    private static async Task<DateTimeOffset> PlayedToAsync(HttpClient client, DateTimeOffset atLeast)
    {
        var report = await Eventually.GetAsync<JsonDocument>($"the recording is played to {atLeast:HH:mm}", TimeSpan.FromMinutes(2), async () =>
        {
            var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
            var recording = pipeline.GetProperty("recordings").EnumerateArray().Single();
            return recording.GetProperty("playedTo") is { ValueKind: JsonValueKind.String } at && at.GetDateTimeOffset() >= atLeast ? JsonDocument.Parse(recording.GetRawText()) : null;
        });
        return report.RootElement.GetProperty("playedTo").GetDateTimeOffset();
    }

    private static async Task<string[]> ReadOnlineAsync(IPage page) =>
        await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('tr[data-train][data-connectivity=online]')].map(row => row.dataset.train)");

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

    private static async Task TheOriginalTimeIsShownAsync(IPage page, string train)
    {
        await page.Locator("#tab-trains").ClickAsync();
        await page.Locator($"tr[data-train='{train}'] button").ClickAsync();
        await page.Locator("#train").GetByText("2025-09-23 0").WaitForAsync();
        Assert.Contains("(original time)", await page.Locator("#train").InnerTextAsync(), StringComparison.Ordinal);
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
