using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Browser.Tests.Thread;

/// <summary>An acknowledgement that has to wait: the train is in a tunnel.</summary>
[Collection(Patient.Collection)]
public sealed class TunnelJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private static readonly TimeSpan TunnelLimit = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task A_train_in_a_tunnel_is_offline_and_gets_its_acknowledgement_when_it_is_out()
    {
        await using var product = await RunningProduct.StartAsync(("Trains:FaultsPerHour", "0"), ("Trains:Seed", "3"), ("Trains:Count", "80"), ("Trains:History", "00:06:00"));
        using var client = await product.SignInAsync("operator", "Journey");
        await client.WaitUntilCaughtUpAsync(80 * 300);
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One", "/alerts");

        var tried = new HashSet<string>();
        string train;
        do
        {
            train = await TrainInTunnelWithAnAlertAsync(client, tried);
        }
        while (!await WaitsWhenAcknowledgedAsync(page, train));
        await page.ShootAsync("alert-in-tunnel-1440-dark");
        var row = page.Locator($"li.alert[data-train='{train}']").First;

        await row.Locator(".delivery[data-stage=reported]").WaitForAsync(new() { Timeout = (float)TunnelLimit.TotalMilliseconds });
        await Assertions.Expect(row.Locator("[data-step][data-done=true]")).ToHaveCountAsync(5);
        var alert = Assert.Single(await client.FindAlertsAsync(train), alert => alert.GetProperty("acknowledgement").ValueKind == JsonValueKind.Object);
        var delivery = alert.GetProperty("delivery");
        output.WriteLine($"{train}: desired {delivery.GetProperty("desiredAt")}, online {delivery.GetProperty("onlineAt")}, reported {delivery.GetProperty("reportedAt")}, train's time {delivery.GetProperty("trainTime")}");
        Assert.True(delivery.GetProperty("onlineAt").GetDateTimeOffset() > delivery.GetProperty("desiredAt").GetDateTimeOffset());
    }

    // No when the train was out again, and had confirmed it, before the page showed it waiting: tunnels are short, and a busy machine is slow. Looked for
    // inside the page, all at the same moment, as a question from outside may be answered too late.
    private static async Task<bool> WaitsWhenAcknowledgedAsync(IPage page, string train)
    {
        var row = page.Locator($"li.alert[data-train='{train}']").First;
        await page.RevealAsync(row);
        await row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await page.Locator("#note").FillAsync("waits in the tunnel");
        await page.Keyboard.PressAsync("Enter");
        var seen = await page.WaitForFunctionAsync(
            """
            train => {
              const row = document.querySelector(`li.alert[data-train='${train}']`);
              const stage = row.querySelector('.delivery')?.dataset.stage;
              const waits = stage === 'desired' && (row.querySelector('.waiting')?.textContent ?? '').includes('offline') && row.querySelectorAll('[data-step][data-done=true]').length === 2;
              return waits ? 'waits' : stage === 'reported' ? 'reported' : false;
            }
            """,
            train);
        return await seen.JsonValueAsync<string>() == "waits";
    }

    // A train may stop at a platform, turn back or take the other branch just before the mouth, or be inside before its alert is raised: then the next one.
    private static async Task<string> TrainInTunnelWithAnAlertAsync(HttpClient client, HashSet<string> tried)
    {
        while (true)
        {
            var train = await Tunnels.FindTrainThatEntersSoonAsync(client, TunnelLimit, tried);
            Assert.True(tried.Add(train) && tried.Count <= 6, $"none of {string.Join(", ", tried)} was in its tunnel with an alert");
            await client.PlantAsync(train, "hotAxleBox", 5);
            var patience = TimeSpan.FromSeconds(100);
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < patience; await Task.Delay(300))
            {
                if ((await client.GetTrainAsync(train)).GetProperty("connectivity").GetString() == "offline" && (await client.FindAlertsAsync(train)).Count > 0)
                {
                    return train;
                }
            }
        }
    }
}
