using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace OpsPortal.Benchmarks;

/// <summary>From a train's measurement to the paint of the Live page that shows it, train by train; and of that, the part from its receipt.</summary>
internal static class Painted
{
    private const int Runs = 3;

    private const string Listen = """
        () => {
          window.ages = { measured: [], received: [] };
          document.getElementById('live').addEventListener('painted', ({ detail: { frame, paintedAt } }) => {
            for (const move of frame.moves ?? []) {
              if (move[6] === 'online' && move[8] !== null && move[9] !== null && paintedAt - move[9] < 60000) {
                window.ages.measured.push(paintedAt - move[8]);
                window.ages.received.push(paintedAt - move[9]);
              }
            }
          });
        }
        """;

    public static async Task RunAsync(string[] args)
    {
        var trains = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 120;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30;
        await using var product = await PortalKit.StartAsync(trains);
        using var client = await product.SignInAsync("executive", "Benchmark");
        await PortalKit.CatchUpAsync(client, trains);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await PortalKit.BrowserAsync(playwright);
        var page = await PortalKit.SignInAsync(browser, product.Address);
        await page.WaitForFunctionAsync("() => Number(document.querySelector('#map').dataset.trains) > 0");
        await page.EvaluateAsync(Listen);

        var (whole, portal) = (new List<Percentiles>(), new List<Percentiles>());
        for (var run = 0; run < Runs; run++)
        {
            await page.EvaluateAsync("() => { window.ages = { measured: [], received: [] }; }");
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            var ages = JsonDocument.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.ages)")).RootElement;
            whole.Add(Of(ages.GetProperty("measured")));
            portal.Add(Of(ages.GetProperty("received")));
            Console.WriteLine($"run {run + 1}: measured to painted {whole[^1]}; received to painted {portal[^1]}; load {ProcessCost.Load()}");
        }

        Console.WriteLine($"{trains} trains, {Runs} runs of {seconds} s, the middle one: measured to painted {Percentiles.Median(whole)}; received to painted {Percentiles.Median(portal)}");
    }

    private static Percentiles Of(JsonElement values) => Percentiles.Of(values.EnumerateArray().Select(value => value.GetDouble()));
}
