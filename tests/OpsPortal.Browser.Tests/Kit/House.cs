using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Mail;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>One running product with some faults planted, shared by tests that only look at it: started once, in development, so that the style page is there.</summary>
public sealed class House : IAsyncLifetime
{
    /// <summary>Tests that share it stand in this collection.</summary>
    public const string Name = "a running house";

    private RunningProduct? _product;
    private MailServer? _mail;
    private int _planted = 100;

    public Chromium Chromium { get; } = new();

    public RunningProduct Product => _product!;

    /// <summary>Where its mails go; addresses of trains.example only.</summary>
    public MailServer Mail => _mail!;

    /// <summary>
    /// Trains that had an alert when the house was ready, worst first as planted. Who needs one that still stands asks for it: once acknowledged, an
    /// alert goes with its fault.
    /// </summary>
    public IReadOnlyList<string> Troubled { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await Chromium.InitializeAsync();
        _mail = await MailServer.StartAsync();
        _product = await RunningProduct.StartAsync(
            ("Trains:FaultsPerHour", "0"), ("Trains:Seed", "3"), ("Trains:Count", "24"), ("Data:WarehouseInterval", "00:00:05"), ("environment", "Development"),
            ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{_mail.Port}"), ("Smtp:Security", "None"), ("Smtp:From", "portal@trains.example"), ("ReportMail:Domains:0", "trains.example"));
        using var client = await Product.SignInAsync("engineer", "House");
        await client.WaitUntilCaughtUpAsync(24 * 300);
        var troubled = new List<string>();
        foreach (var (kind, seed) in new[] { ("hotAxleBox", 7), ("brakePipeLeak", 8) })
        {
            troubled.Add(await client.PlantUntilAlertAsync(kind, seed));
        }

        Troubled = troubled;
    }

    /// <summary>
    /// A train with an alert that nobody has acknowledged, so that it stands on Live and can be acknowledged. Faults pass within minutes, other tests
    /// acknowledge, and an alert of which both are true is gone: then another fault is planted.
    /// </summary>
    public Task<string> FindUnacknowledgedAsync() => FindAsync((_, _) => Task.FromResult(true));

    /// <summary>The same, of axle boxes only: no other alert of the train can be called its worst.</summary>
    public Task<string> FindHotAxleBoxAsync() => FindAsync(async (client, train) => (await client.FindAlertsAsync(train)) is { Count: > 0 } alerts && alerts.All(IsOfAxleBox));

    /// <summary>
    /// Plants faults that heat axle boxes until it is so: a train that stands at a platform or is about to turn back shows one late, and one that is in
    /// alert already raises no other.
    /// </summary>
    public async Task PlantUntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var client = await Product.SignInAsync("engineer", "Planter");
        await Eventually.IsTrueAsync(what, TimeSpan.FromMinutes(4), async () =>
        {
            await client.PlantAsync(null, "hotAxleBox", ++_planted);
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(300))
            {
                if (await isSo())
                {
                    return true;
                }
            }

            return false;
        });
    }

    private static bool IsOfAxleBox(JsonElement alert) => alert.GetProperty("shares")[0].GetProperty("sensor").GetString()!.StartsWith("axleBoxTemperature", StringComparison.Ordinal);

    private async Task<string> FindAsync(Func<HttpClient, string, Task<bool>> isWanted)
    {
        using var client = await Product.SignInAsync("engineer", "House");
        return await Eventually.GetAsync<string>("a fresh alert that nobody has acknowledged", TimeSpan.FromMinutes(6), async () =>
        {
            foreach (var state in new[] { "unacknowledged", "returnedUnacknowledged" })
            {
                foreach (var alert in (await client.GetFromJsonAsync<JsonElement>($"/api/alerts?state={state}")).GetProperty("items").EnumerateArray())
                {
                    // The train's page shows a quarter of an hour: the alert's anomalies must lie within, also when the test comes to look at them.
                    var train = alert.GetProperty("trainId").GetString()!;
                    if (alert.GetProperty("lastAnomalyAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(-8) && await isWanted(client, train))
                    {
                        return train;
                    }
                }
            }

            await client.PlantUntilAlertAsync("hotAxleBox", ++_planted);
            return null;
        });
    }

    public async Task DisposeAsync()
    {
        await Chromium.DisposeAsync();
        if (_product is not null)
        {
            await _product.DisposeAsync();
        }

        if (_mail is not null)
        {
            await _mail.DisposeAsync();
        }
    }
}

[CollectionDefinition(House.Name)]
public sealed class HouseCollection : ICollectionFixture<House>;

/// <summary>Tests that look at the shared house: each leaves its browser empty. Say <c>[Collection(House.Name)]</c> too, which is not inherited.</summary>
public abstract class HouseTests(House house) : IAsyncLifetime
{
    protected House House => house;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => house.Chromium.CloseAllAsync();
}
