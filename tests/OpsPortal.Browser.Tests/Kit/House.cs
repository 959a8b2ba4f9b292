using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>One running product with some faults planted, shared by tests that only look at it: started once, in development, so that the style page is there.</summary>
public sealed class House : IAsyncLifetime
{
    /// <summary>Tests that share it stand in this collection.</summary>
    public const string Name = "a running house";

    private RunningProduct? _product;

    public Chromium Chromium { get; } = new();

    public RunningProduct Product => _product!;

    /// <summary>Trains with an open alert, worst first as planted.</summary>
    public IReadOnlyList<string> Troubled { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await Chromium.InitializeAsync();
        _product = await RunningProduct.StartAsync(("Trains:FaultsPerHour", "0"), ("Trains:Seed", "3"), ("Trains:Count", "24"), ("environment", "Development"));
        using var client = await Product.SignInAsync("engineer", "House");
        await client.WaitUntilCaughtUpAsync(24 * 300);
        var troubled = new List<string>();
        foreach (var (kind, seed) in new[] { ("hotAxleBox", 7), ("brakePipeLeak", 8) })
        {
            troubled.Add((await client.PlantAsync(null, kind, seed)).GetProperty("trainId").GetString()!);
        }

        foreach (var train in troubled)
        {
            await Eventually.IsTrueAsync($"{train} has an alert", TimeSpan.FromSeconds(90), async () => (await client.FindAlertsAsync(train)).Count > 0);
        }

        Troubled = troubled;
    }

    public async Task DisposeAsync()
    {
        await Chromium.DisposeAsync();
        if (_product is not null)
        {
            await _product.DisposeAsync();
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
