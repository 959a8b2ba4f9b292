using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>What a person does in the browser, and what a script asks the API, in words of the product.</summary>
internal static class Portal
{
    /// <summary>Signs in by the form and lands on the page.</summary>
    public static async Task SignInAsync(this IPage page, string persona, string name, string path = "/")
    {
        await page.GotoAsync(path);
        await page.WaitForURLAsync("**/sign-in?**");
        await page.Locator($"input[name=persona][value={persona}]").CheckAsync(new() { Force = true });
        await page.Locator("input[name=name]").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    /// <summary>Where every train stands in the table beside the map: id → latitude, longitude.</summary>
    public static async Task<Dictionary<string, string>> ReadPositionsAsync(this IPage page) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(await page.EvaluateAsync<string>(
            "() => JSON.stringify(Object.fromEntries([...document.querySelectorAll('tr[data-train]')].filter(row => row.dataset.latitude).map(row => [row.dataset.train, row.dataset.latitude + ',' + row.dataset.longitude])))"))!;

    /// <summary>A picture for people to look at.</summary>
    public static Task ShootAsync(this IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, name + ".png") });

    /// <summary>A picture of the whole page, what lies below the fold too.</summary>
    public static Task ShootWholeAsync(this IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, name + ".png"), FullPage = true });

    /// <summary>Plants a fault, as the demonstration does.</summary>
    public static async Task<JsonElement> PlantAsync(this HttpClient client, string? trainId, string kind, int seed)
    {
        using var answer = await client.PostAsJsonAsync("/api/demo/faults", new { trainId, kind, seed });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body;
    }

    /// <summary>
    /// Plants faults of a kind until a train with one has an alert that nobody has acknowledged, and gives that train: of a small fleet all may stand,
    /// or be about to turn back, and then show a fault late.
    /// </summary>
    public static async Task<string> PlantUntilAlertAsync(this HttpClient client, string kind, int seed)
    {
        var planted = new List<string>();
        return await OpsPortal.Tests.Kit.Eventually.GetAsync<string>($"one of the trains with {kind} has an alert", TimeSpan.FromMinutes(5), async () =>
        {
            planted.Add((await client.PlantAsync(null, kind, seed + (10 * planted.Count))).GetProperty("trainId").GetString()!);
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(300))
            {
                foreach (var train in planted.Distinct())
                {
                    if ((await client.FindAlertsAsync(train)).Any(alert => alert.GetProperty("state").GetString() == "unacknowledged"))
                    {
                        return train;
                    }
                }
            }

            return null;
        });
    }

    /// <summary>The first train of the fleet, as soon as the portal knows one: just after the start it knows none.</summary>
    public static Task<string> GetSomeTrainAsync(this HttpClient client) =>
        OpsPortal.Tests.Kit.Eventually.GetAsync<string>("a train is known", TimeSpan.FromMinutes(2), async () =>
            (await client.GetFromJsonAsync<JsonElement>("/api/fleet")).GetProperty("items") is var items && items.GetArrayLength() > 0 ? items[0].GetProperty("id").GetString() : null);

    /// <summary>One train as the API gives it.</summary>
    public static Task<JsonElement> GetTrainAsync(this HttpClient client, string id) => client.GetFromJsonAsync<JsonElement>($"/api/trains/{id}");

    /// <summary>Open alerts of a train in one subsystem, or all.</summary>
    public static async Task<List<JsonElement>> FindAlertsAsync(this HttpClient client, string trainId) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/alerts?train={trainId}")).GetProperty("items").EnumerateArray()];

    /// <summary>Waits until the detector has kept all that was sent, so that it is warm.</summary>
    public static Task WaitUntilCaughtUpAsync(this HttpClient client, long atLeast) =>
        OpsPortal.Tests.Kit.Eventually.IsTrueAsync("the detector has caught up", TimeSpan.FromMinutes(4), async () =>
        {
            var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
            // A detector that is another process is known by what it has committed.
            var detector = pipeline.GetProperty("source").GetProperty("consumers").EnumerateArray().First(consumer => consumer.GetProperty("consumer").GetString() == "detector");
            var kept = pipeline.GetProperty("counts") is { ValueKind: JsonValueKind.Object } counts ? counts.GetProperty("kept") : detector.GetProperty("committedOffset");
            return kept.GetInt64() >= atLeast && pipeline.GetProperty("lagRecords").GetInt64() < 300;
        });

    /// <summary>Kilometres between two places, on a sphere.</summary>
    public static double Km(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        static double Rad(double degrees) => degrees * Math.PI / 180;
        var (dLat, dLon) = (Rad(otherLatitude - latitude) / 2, Rad(otherLongitude - longitude) / 2);
        var h = Math.Pow(Math.Sin(dLat), 2) + (Math.Cos(Rad(latitude)) * Math.Cos(Rad(otherLatitude)) * Math.Pow(Math.Sin(dLon), 2));
        return 2 * 6371 * Math.Asin(Math.Sqrt(h));
    }

    /// <summary>A number in a data attribute.</summary>
    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
