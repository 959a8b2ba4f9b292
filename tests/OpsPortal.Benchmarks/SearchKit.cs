using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Benchmarks;

/// <summary>The product's OpenSearch adapters on a given server, with indices of their own that are deleted at the end.</summary>
internal sealed class SearchKit : IAsyncDisposable
{
    private static readonly TrainIdentity Train = new("390-042", "Longsight", "WCML", "390");

    private readonly ServiceProvider _services;

    public SearchKit(Uri endpoint)
    {
        Endpoint = endpoint;
        Prefix = $"bench{Guid.NewGuid():N}"[..13] + "-";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OpenSearch:Endpoint"] = endpoint.AbsoluteUri,
            ["OpenSearch:IndexPrefix"] = Prefix,
            ["Aws:Region"] = "eu-west-2",
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddOpenSearchStores(configuration);
        _services = services.BuildServiceProvider();
    }

    public Uri Endpoint { get; }

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
        var catalogue = Get<Catalogue>();
        using var http = new HttpClient { BaseAddress = Endpoint };
        foreach (var family in IndexFamily.All)
        {
            foreach (var row in await catalogue.FindAsync(family, default))
            {
                await catalogue.DeleteAsync(row.Name, default);
            }

            (await http.DeleteAsync(new Uri($"_index_template/{Prefix}{family.Name}-v{Mappings.Version}", UriKind.Relative))).Dispose();
        }

        await _services.DisposeAsync();
    }
}
