using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Benchmarks;

/// <summary>The product's OpenSearch adapters on a given server, with indices of their own that are deleted at the end.</summary>
internal sealed class SearchKit : IAsyncDisposable
{
    private static readonly TrainIdentity Train = new("390-042", "Longsight", "WCML", "390");

    private readonly ServiceProvider _services;

    /// <param name="url">As OPENSEARCH_URL has it, with user and password where the server wants them.</param>
    public SearchKit(string url)
    {
        Server = RealServer.Parse(url, Environment.GetEnvironmentVariable("OPENSEARCH_CA"));
        Prefix = $"bench{Guid.NewGuid():N}"[..13] + "-";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [.. Server.Settings().Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)), new("OpenSearch:IndexPrefix", Prefix), new("Aws:Region", "eu-west-2")]).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddOpenSearchStores(configuration);
        _services = services.BuildServiceProvider();
    }

    public RealServer Server { get; }

    public string Prefix { get; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Anomalies as large as the detector's: four shares, an explanation's worth of text.</summary>
    public static List<Anomaly> Anomalies(string run, int from, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var shares = Enumerable.Range(1, 4).Select(i => new SensorShare($"axleBoxTemperature.car{i}.axle2.right", 0.25, Direction.High, 78.2 + i, 61.4, "°C")).ToList();
        return [.. Enumerable.Range(from, count).Select(i => new Anomaly($"{run}-{i:0000000}", Train, "axleBox", now, now.AddMilliseconds(300), null, false, 0.93, 3.1, shares, null, i))];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.CleanAsync(Prefix);
    }
}
