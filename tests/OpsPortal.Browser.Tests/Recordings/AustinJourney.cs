using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Browser.Tests.Recordings;

/// <summary>A morning of Capital Metro: another continent, vehicles by GPS every two minutes.</summary>
[Collection(Patient.Collection)]
public sealed class AustinJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    [RecordedDataFact]
    public async Task The_map_goes_to_Austin_and_MetroRails_trains_are_on_their_line()
    {
        await using var product = await RunningProduct.StartAsync(
            ("Trains:Recordings:0", RecordedData.Path("movements", "capmetro", "vehicle_positions_2017-03-16.csv.gz")),
            ("Trains:RecordingsFrom", "07:00:00"), ("Trains:Speed", "60"), ("Trains:Count", "0"), ("Trains:FaultsPerHour", "0"));
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One");
        await page.Locator("#tab-trains").ClickAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('tr[data-train]')].filter(row => row.querySelector('.line').textContent === 'MetroRail Red Line').length >= 4", null, new() { Timeout = 60_000 });
        // Each vehicle is first told of at its own time of the two minutes.
        await page.WaitForFunctionAsync("() => document.querySelectorAll('tr[data-train][data-latitude]').length > 100");
        await page.WaitForFunctionAsync("() => { const [w, s, e, n] = (document.querySelector('#map').dataset.bounds ?? '').split(',').map(Number); return w < -97.9 && e > -97.6 && s < 30.2 && n > 30.5 && e - w < 4; }");

        var rail = (await page.Locator("tr[data-train]", new() { Has = page.Locator(".line", new() { HasTextString = "MetroRail Red Line" }) }).EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.train)")).ToHashSet();
        var positions = await page.ReadPositionsAsync();
        output.WriteLine($"{positions.Count} vehicles on the map, {rail.Count} of them on the Red Line");
        Assert.True(positions.Count > 100);
        Assert.All(positions, vehicle => Assert.InRange(Latitude(vehicle.Value), 30, 31));
        Assert.All(positions.Where(vehicle => rail.Contains(vehicle.Key)), train => Assert.InRange(RedLine.KmFrom(Latitude(train.Value), Portal.Number(train.Value.Split(',')[1])), 0, 0.25));
        await page.ShootAsync("live-capmetro-1440-dark");
    }

    private static double Latitude(string position) => Portal.Number(position.Split(',')[0]);
}
