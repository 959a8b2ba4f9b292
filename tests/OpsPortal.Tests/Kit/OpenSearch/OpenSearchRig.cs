using Microsoft.Extensions.Configuration;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>
/// The stub, or the real server that OPENSEARCH_URL names, and any number of the product's processes that speak to it. On a real server
/// every rig has index names of its own, deleted at the end.
/// </summary>
internal sealed class OpenSearchRig : IAsyncDisposable
{
    private readonly List<AwsRig> _processes = [];
    private OpenSearchStub? _stub;

    /// <summary>The real server, if there is one.</summary>
    public static string? RealServer => Environment.GetEnvironmentVariable("OPENSEARCH_URL") is { Length: > 0 } url ? url : null;

    public string Prefix { get; } = $"t{Guid.NewGuid():N}"[..12] + "-";

    /// <summary>The stub, for tests that need what only it can do.</summary>
    public OpenSearchStub Stub => _stub ?? throw new InvalidOperationException("This test runs on the stub.");

    /// <summary>The way to the server.</summary>
    public TcpFaultProxy Proxy { get; private set; } = null!;

    /// <summary>For tests of the contract: on the real server where there is one.</summary>
    public static Task<OpenSearchRig> StartAsync() => RealServer is null ? StartStubAsync() : Task.FromResult(new OpenSearchRig());

    /// <summary>For tests that let the server fail.</summary>
    public static async Task<OpenSearchRig> StartStubAsync(TimeProvider? time = null)
    {
        var rig = new OpenSearchRig { _stub = await OpenSearchStub.StartAsync(time) };
        rig.Proxy = new TcpFaultProxy(rig._stub.Address);
        return rig;
    }

    /// <summary>A process of the product.</summary>
    public AwsRig Open(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var process = new AwsRig(
            new ScriptedKeys(ScriptedKeys.Lasting),
            [
                ("OpenSearch:Endpoint", _stub is null ? RealServer! : Proxy.Address.AbsoluteUri),
                ("OpenSearch:IndexPrefix", Prefix),
                ("OpenSearch:PollInterval", "00:00:00.050"),
                .. Waits(),
                .. settings,
            ],
            time,
            (services, configuration) => services.AddOpenSearchStores(configuration));
        _processes.Add(process);
        return process;
    }

    /// <summary>Configuration of a process that speaks to it without any fault between.</summary>
    public IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["OpenSearch:Endpoint"] = _stub is null ? RealServer! : _stub.Address.AbsoluteUri,
        ["OpenSearch:IndexPrefix"] = Prefix,
        ["OpenSearch:PollInterval"] = "00:00:00.050",
    }).Build();

    public async ValueTask DisposeAsync()
    {
        if (_stub is null && _processes.Count > 0)
        {
            await CleanAsync(_processes[0]);
        }

        _processes.ForEach(process => process.Dispose());
        if (_stub is not null)
        {
            await Proxy.DisposeAsync();
            await _stub.DisposeAsync();
        }
    }

    // The stub is ready at once. A real server takes its time to start the shards of a new index, and refuses searches until then.
    private IEnumerable<(string Key, string Value)> Waits() => _stub is null ? [("Aws:RetryDelay", "00:00:00.100")] : [];

    private async Task CleanAsync(AwsRig process)
    {
        var catalogue = process.Get<Catalogue>();
        foreach (var family in IndexFamily.All)
        {
            foreach (var row in await catalogue.FindAsync(family, default))
            {
                await catalogue.DeleteAsync(row.Name, default);
            }
        }

        using var http = new HttpClient { BaseAddress = new Uri(RealServer!) };
        foreach (var family in IndexFamily.All)
        {
            (await http.DeleteAsync($"_index_template/{Prefix}{family.Name}-v{Mappings.Version}")).Dispose();
        }
    }
}
