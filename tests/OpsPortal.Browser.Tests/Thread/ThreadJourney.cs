using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Browser.Tests.Thread;

/// <summary>The thread, whole: a train measures, the portal shows, an operator acknowledges, the train knows.</summary>
[Collection(nameof(ThreadJourney))]
public sealed class ThreadJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private static readonly TimeSpan AlertLimit = TimeSpan.FromMinutes(3);

    private static readonly (string Kind, string SensorKind)[] Faults =
        [("hotAxleBox", "axleBoxTemperature"), ("brakePipeLeak", "brakePipePressure"), ("wheelFlat", "bogieVibration")];

    [Fact]
    public Task An_operator_watches_understands_acknowledges_and_sees_the_train_confirm() => WalkAsync("");

    [RecordedDataFact]
    public Task The_same_journey_with_a_recording_of_a_real_train_beside_the_simulated_ones() =>
        WalkAsync("-recording", ("Trains:Recordings:0", RecordedData.Path("sensors", "metropt", "metropt3-raw-1000.csv")));

    [Fact]
    [Trait("Peer", "OpenSearch")]
    public async Task The_same_journey_with_portal_and_detector_as_two_processes_on_OpenSearch_PostgreSQL_Swift_and_signed_device_shadows()
    {
        await using var peers = await ThreadPeers.StartAsync();
        await using var product = await RunningProduct.StartAsync(peers.Environment, [.. Fleet, .. peers.Settings, ("Parts", "Portal,Trains")]);
        await product.StartBesideAsync(("Parts", "Detector"));
        await WalkAsync(product, "-peers");
    }

    private static (string Key, string Value)[] Fleet => [("Trains:Count", "60"), ("Trains:FaultsPerHour", "0"), ("Trains:Seed", "3")];

    private async Task WalkAsync(string name, params (string Key, string Value)[] settings)
    {
        await using var product = await RunningProduct.StartAsync([.. Fleet, .. settings]);
        await WalkAsync(product, name, hasRecording: settings.Length > 0);
    }

    private async Task WalkAsync(RunningProduct product, string name, bool hasRecording = false)
    {
        using var client = await product.SignInAsync("engineer", "Journey");
        await client.WaitUntilCaughtUpAsync(60 * 340);
        var page = await chromium.NewPageAsync(product.Address);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);

        await page.SignInAsync("operator", "Operator One");
        await TrainsMoveAsync(page);
        await page.ShootAsync($"live{name}-1440-dark");
        if (hasRecording)
        {
            await Assertions.Expect(page.Locator("tr[data-train='metro-porto-1']")).ToContainTextAsync("position unknown");
        }

        var planted = new List<(string Train, string Sensor)>();
        for (var i = 0; i < Faults.Length; i++)
        {
            var fault = await client.PlantAsync(null, Faults[i].Kind, 7 + i);
            planted.Add((fault.GetProperty("trainId").GetString()!, fault.GetProperty("sensor").GetString()!));
            Assert.StartsWith(Faults[i].SensorKind, planted[^1].Sensor, StringComparison.Ordinal);
        }

        var alerts = new List<(string Train, string Alert)>();
        foreach (var (train, sensor) in planted)
        {
            alerts.Add((train, await AlertIsShownAsync(page, client, train, sensor)));
        }

        await page.ShootAsync($"live-alerts{name}-1440-dark");
        output.WriteLine($"measured to shown, median, at real speed: {await page.Locator("[data-figure=latency]").InnerTextAsync()}");
        await page.GotoAsync("/alerts");
        foreach (var (train, alert) in alerts)
        {
            await AcknowledgeAsync(page, client, train, alert);
        }

        await page.ShootAsync($"alerts{name}-1440-dark");
        await ShootOthersAsync(product, name);
        Assert.Empty(errors);
    }

    private static async Task TrainsMoveAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => Number(document.querySelector('#map').dataset.trains) >= 40");
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new("Trains") }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelectorAll('tr[data-train]').length >= 40");
        // Five seconds at a time: a busy machine may swallow one such while, and trains at platforms stand still by right.
        await Eventually.IsTrueAsync("at least 30 trains have moved within 5 s", TimeSpan.FromMinutes(3), async () =>
        {
            var before = await page.ReadPositionsAsync();
            await page.WaitForTimeoutAsync(4_900);
            var now = await page.ReadPositionsAsync();
            return before.Count(train => now.TryGetValue(train.Key, out var place) && place != train.Value) >= 30;
        });
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new("alerts") }).ClickAsync();
    }

    // Gives the alert's id. While it grows, what it blames and says may change: page and portal are compared until they say the same.
    private static async Task<string> AlertIsShownAsync(IPage page, HttpClient client, string train, string sensor)
    {
        var alert = await Eventually.GetAsync<string>($"an alert of {train} that blames {sensor} first, and says so on the page", AlertLimit, async () =>
        {
            var found = (await client.FindAlertsAsync(train)).FirstOrDefault(alert => alert.GetProperty("shares").EnumerateArray().First().GetProperty("sensor").GetString() == sensor);
            var isShown = found.ValueKind == JsonValueKind.Object
                && await page.Locator($".newest [data-train='{train}'] .why").Filter(new() { HasText = found.GetProperty("explanation").GetString()![..10] }).First.IsVisibleAsync();
            return isShown ? found.GetProperty("id").GetString() : null;
        });
        await page.Locator($"tr[data-train='{train}']:not([data-worst=none])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.WaitForFunctionAsync("() => Number(document.querySelector('#map').dataset.frame) > 0");
        return alert;
    }

    private static async Task AcknowledgeAsync(IPage page, HttpClient client, string train, string id)
    {
        var row = page.Locator($"li.alert[data-alert='{id}']");
        await row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await page.Locator("#note").FillAsync("seen, crew told");
        await page.Keyboard.PressAsync("Enter");
        try
        {
            await row.Locator(".delivery[data-stage=reported]").WaitForAsync(new() { Timeout = 120_000 });
        }
        catch (TimeoutException)
        {
            await page.ShootAsync("failed-acknowledge");
            throw new TimeoutException($"{train} did not report {id}: {(await client.FindAlertsAsync(train))[0]} {await client.GetTrainAsync(train)}");
        }

        await Assertions.Expect(row.Locator("[data-step][data-done=true]")).ToHaveCountAsync(5);
        await Assertions.Expect(row.Locator(".state")).ToContainTextAsync("by Operator One: “seen, crew told”");
    }

    private async Task ShootOthersAsync(RunningProduct product, string suffix)
    {
        foreach (var (width, height, scheme) in new[] { (1440, 900, ColorScheme.Light), (390, 844, ColorScheme.Dark), (390, 844, ColorScheme.Light) })
        {
            var page = await chromium.NewPageAsync(product.Address, width, height, scheme);
            await page.SignInAsync("operator", "Operator Two");
            await page.WaitForFunctionAsync("() => Number(document.querySelector('#map').dataset.trains) >= 40");
            await page.WaitForTimeoutAsync(2_000);
            var name = $"{width}-{(scheme == ColorScheme.Light ? "light" : "dark")}";
            await page.ShootAsync($"live{suffix}-{name}");
            await page.GotoAsync("/alerts");
            await page.Locator("li.alert").First.WaitForAsync();
            await page.ShootAsync($"alerts{suffix}-{name}");
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"the alerts page is wider than {width} px");
            await page.Context.CloseAsync();
        }
    }
}
