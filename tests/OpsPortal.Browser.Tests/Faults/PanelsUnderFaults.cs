using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Faults;

/// <summary>What each panel says when something behind it is cut; nothing may stay or turn falsely current.</summary>
public sealed class PanelsUnderFaults(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const float Patience = 60_000;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.CloseAllAsync();

    [Fact]
    public async Task A_store_that_is_cut_is_said_by_every_panel_with_its_last_as_of()
    {
        await using var product = await StartAsync(("Data:BusyTimeout", "00:00:01"));
        var (live, alerts) = await OpenAsync(product);
        var train = await OpenTrainAsync(product);
        using (await StoreLock.TakeAsync(product))
        {
            await SaysAsync(live, "store", "Store does not answer · data as of", "The store");
            await PanelsAreDatedAsync(live);
            await TrainIsDatedAsync(train, "The store");
            await train.ShootAsync("fault-store-train-1440-dark");
            await Assertions.Expect(alerts.Locator(".notice.stale")).ToContainTextAsync("The store cannot be reached", new() { Timeout = Patience });
            await Assertions.Expect(alerts.Locator(".notice.stale")).ToContainTextAsync("as of");
            await Assertions.Expect(alerts.Locator(".empty, .list-head p").First).ToContainTextAsync("when the data stopped");
            Assert.Equal("", await alerts.FalselyCurrentAsync());
            await live.ShootAsync("fault-store-live-1440-dark");
            await alerts.ShootAsync("fault-store-alerts-1440-dark");

            // Somebody who comes now is not told that all is well either.
            var late = await chromium.NewPageAsync(product.Address);
            await late.GotoAsync("/");
            Assert.Equal("", await late.FalselyCurrentAsync());
        }

        await live.LiveAsync();
        await Assertions.Expect(alerts.Locator(".notice.stale")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await TrainIsCurrentAsync(train);
    }

    [Fact]
    public async Task A_store_that_takes_ten_seconds_is_not_called_current_meanwhile()
    {
        // Longer than the wait: the store refuses nothing, it is only slow.
        await using var product = await StartAsync(("Data:BusyTimeout", "00:01:00"));
        var (live, alerts) = await OpenAsync(product);
        var train = await OpenTrainAsync(product);
        using (await StoreLock.TakeAsync(product))
        {
            var held = System.Diagnostics.Stopwatch.StartNew();
            await SaysAsync(live, "store", "Store does not answer · data as of", "slow");
            await PanelsAreDatedAsync(live);
            await Assertions.Expect(alerts.Locator(".notice.stale")).ToContainTextAsync("slow", new() { Timeout = Patience });
            Assert.Equal("", await alerts.FalselyCurrentAsync());
            await Eventually.IsTrueAsync("ten seconds are over", TimeSpan.FromSeconds(20), () => Task.FromResult(held.Elapsed > TimeSpan.FromSeconds(10)));
            Assert.Equal("", await live.FalselyCurrentAsync());
            // Last, as its cards wait for their answers longer than that.
            await TrainIsDatedAsync(train, "The store");
        }

        await live.LiveAsync();
        await Assertions.Expect(alerts.Locator(".notice.stale")).ToHaveCountAsync(0, new() { Timeout = Patience });
    }

    [Fact]
    public async Task A_portal_that_stops_answering_is_noticed_and_comes_back()
    {
        await using var product = await StartAsync();
        var (live, alerts) = await OpenAsync(product);
        await product.FreezeAsync();

        await SaysAsync(live, "silent", "No news from the portal · data as of", "has sent nothing");
        await PanelsAreDatedAsync(live);
        await Assertions.Expect(alerts.Locator("#connection")).Not.ToHaveAttributeAsync("data-state", "live", new() { Timeout = Patience });
        await live.ShootAsync("fault-silent-live-1440-dark");

        await product.GoOnAsync();
        await live.LiveAsync();
        await Assertions.Expect(alerts.Locator("#connection")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_cut_hub_is_said_and_the_page_comes_back_by_itself()
    {
        await using var product = await StartAsync();
        var page = await chromium.NewPageAsync(product.Address);
        var cut = false;
        var open = new List<IWebSocketRoute>();
        await page.RouteWebSocketAsync(new System.Text.RegularExpressions.Regex("/hubs/feed"), route =>
        {
            if (!cut)
            {
                route.ConnectToServer();
                open.Add(route);
            }
            else
            {
                _ = route.CloseAsync();
            }
        });
        await page.RouteAsync("**/hubs/feed/negotiate**", route => cut ? route.AbortAsync() : route.ContinueAsync());
        await page.SignInAsync("operator", "Operator One");
        await page.LiveAsync();

        cut = true;
        foreach (var route in open)
        {
            await route.CloseAsync();
        }

        await SaysAsync(page, "reconnecting", "Reconnecting · data as of", "connection to the portal was lost");
        await PanelsAreDatedAsync(page);
        cut = false;
        await page.LiveAsync();
    }

    [Fact]
    public async Task One_silent_sensor_makes_neither_the_train_silent_nor_its_panel_reassuring()
    {
        await using var product = await StartAsync();
        using var client = await product.SignInAsync("engineer", "Planter");
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One");
        await page.LiveAsync();
        var fault = await client.PlantAsync(null, "sensorDropOut", 5);
        var (train, sensor) = (fault.GetProperty("trainId").GetString(), fault.GetProperty("sensor").GetString());
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new("Trains") }).ClickAsync();
        await page.Locator($"tr[data-train='{train}'] .name").ClickAsync();

        // The train is heard and says so; of its sensors the panel claims no more than its alerts say.
        await Assertions.Expect(page.Locator("#train dd").Last).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("no open alert names one|expected|not known"));
        await Assertions.Expect(page.Locator($"tr[data-train='{train}']")).ToHaveAttributeAsync("data-connectivity", new System.Text.RegularExpressions.Regex("online|offline"));
        await Assertions.Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");

        // On the train's own page that one sensor is dated, and the others go on.
        await page.GotoAsync($"/trains/{train}");
        // Before the page is current every value is dated, also those that go on.
        await TrainIsCurrentAsync(page);
        await Assertions.Expect(page.Locator($".value-tile[data-sensor='{sensor}'][data-stale=true] .fresh")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("last \\d+ (s|min) ago"), new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".consist .note")).ToContainTextAsync("sensors silent");
        await Assertions.Expect(page.Locator("#train-page")).ToHaveAttributeAsync("data-current", "true");
        await Assertions.Expect(page.Locator(".value-tile[data-stale=false]")).Not.ToHaveCountAsync(0);
        await page.ShootAsync("fault-sensor-train-1440-dark");
    }

    private static Task<RunningProduct> StartAsync(params (string Key, string Value)[] settings) =>
        RunningProduct.StartAsync([("Trains:FaultsPerHour", "0"), ("Trains:Count", "6"), ("Trains:History", "00:00:30"), .. settings]);

    private async Task<(IPage Live, IPage Alerts)> OpenAsync(RunningProduct product)
    {
        var live = await chromium.NewPageAsync(product.Address);
        await live.SignInAsync("operator", "Operator One");
        await live.LiveAsync();
        var alerts = await chromium.NewPageAsync(product.Address);
        await alerts.SignInAsync("operator", "Operator One", "/alerts");
        await Assertions.Expect(alerts.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
        return (live, alerts);
    }

    private async Task<IPage> OpenTrainAsync(RunningProduct product)
    {
        using var client = await product.SignInAsync("engineer", "Engineer One");
        var id = await client.GetSomeTrainAsync();
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("engineer", "Engineer One", $"/trains/{id}");
        await TrainIsCurrentAsync(page);
        await Assertions.Expect(page.Locator(".shadow-card .note")).ToContainTextAsync("as of");
        return page;
    }

    // A train may be in a tunnel, which takes minutes.
    private static Task TrainIsCurrentAsync(IPage page) => page.Locator("#train-page[data-current=true] .value-tile[data-stale=false]").First.WaitForAsync(new() { Timeout = 240_000 });

    // Sensors and cards keep what they knew, dated, and say why. The shadow is another service than the store: it goes on.
    private static async Task TrainIsDatedAsync(IPage page, string why)
    {
        await page.Locator("#train-page[data-current=false]").WaitForAsync();
        await Assertions.Expect(page.Locator(".value-tile[data-stale=false]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".consist .note")).ToContainTextAsync(why, new() { Timeout = Patience });
        await Assertions.Expect(page.Locator(".consist .note")).ToContainTextAsync("What is shown is as of");
        foreach (var card in new[] { ".alerts-card", ".anomaly-card" })
        {
            await Assertions.Expect(page.Locator($"{card} .note[data-state=error]")).ToContainTextAsync("What is shown is as of", new() { Timeout = 60_000 });
        }

        await Assertions.Expect(page.Locator(".shadow-card .note[data-state=ready]")).ToContainTextAsync("as of");
        Assert.Equal("", await page.FalselyCurrentAsync());
    }

    // In the shell and over the map, at the same moment. Looked for inside the page: one state may follow another within seconds, as "silent" does before
    // the connection is given up, and a question that comes from outside may be answered too late.
    private static async Task SaysAsync(IPage page, string state, string words, string why) => await page.WaitForFunctionAsync(
        """
        ([state, words, why]) => {
          const [shell, map] = [document.querySelector('#connection'), document.querySelector('.map-stale')];
          return shell.dataset.state === state && shell.querySelector('.words').textContent.replaceAll(' ', ' ').includes(words)
            && map.checkVisibility() && map.textContent.startsWith('Not current. ') && map.textContent.includes(why);
        }
        """,
        new[] { state, words, why },
        new() { Timeout = Patience });

    // Figures keep their value, dated; map, lists and the train's panel say that they are of the past.
    private static async Task PanelsAreDatedAsync(IPage page)
    {
        await Assertions.Expect(page.Locator(".map-stale")).ToContainTextAsync("Not current.");
        await Assertions.Expect(page.Locator(".map-stale")).ToContainTextAsync("Positions as of");
        await Assertions.Expect(page.Locator("#map")).ToHaveAttributeAsync("data-current", "false");
        await Assertions.Expect(page.Locator("[data-figure=online]")).ToHaveAttributeAsync("data-current", "false");
        await Assertions.Expect(page.Locator("[data-figure=online] .value")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]+$"));
        await Assertions.Expect(page.Locator("[data-figure=online] .as-of")).ToContainTextAsync("as of");
        await Assertions.Expect(page.Locator("tr[data-train] .state").First).ToContainTextAsync("not current");
        Assert.Equal("", await page.FalselyCurrentAsync());
    }
}
