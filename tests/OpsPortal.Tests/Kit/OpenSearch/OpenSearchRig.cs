using Microsoft.Extensions.Configuration;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>
/// The stub, or the real server that OPENSEARCH_URL names, and any number of the product's processes that speak to it. On a real server
/// every rig has index names of its own, deleted at the end.
/// </summary>
internal sealed class OpenSearchRig : IAsyncDisposable
{
    private readonly List<AwsRig> _processes = [];
    private readonly RealServer _server;
    private readonly OpenSearchStub? _stub;

    private OpenSearchRig(RealServer server, OpenSearchStub? stub) => (_server, _stub) = (server, stub);

    public string Prefix { get; } = $"t{Guid.NewGuid():N}"[..12] + "-";

    /// <summary>The stub, for tests that need what only it can do.</summary>
    public OpenSearchStub Stub => _stub ?? throw new InvalidOperationException("This test runs on the stub.");

    /// <summary>The way to the stub.</summary>
    public TcpFaultProxy Proxy { get; private set; } = null!;

    /// <summary>For tests of the contract: on the real server where there is one.</summary>
    public static Task<OpenSearchRig> StartAsync() => RealServer.Given is { } server ? Task.FromResult(new OpenSearchRig(server, null)) : StartStubAsync();

    /// <summary>For tests that need what only the stub can do.</summary>
    public static async Task<OpenSearchRig> StartStubAsync(TimeProvider? time = null)
    {
        var stub = await OpenSearchStub.StartAsync(time);
        return new OpenSearchRig(RealServer.Parse(stub.Address.AbsoluteUri), stub) { Proxy = new TcpFaultProxy(stub.Address) };
    }

    /// <summary>A process of the product.</summary>
    public AwsRig Open(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var process = new AwsRig(
            new ScriptedKeys(ScriptedKeys.Lasting),
            [.. Settings(_stub is null ? null : Proxy.Address), .. Waits(), .. settings],
            time,
            (services, configuration) => services.AddOpenSearchStores(configuration));
        _processes.Add(process);
        return process;
    }

    /// <summary>Configuration of a process that speaks to it without any fault between.</summary>
    public IConfiguration Configuration() =>
        new ConfigurationBuilder().AddInMemoryCollection(Settings(null).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    public async ValueTask DisposeAsync()
    {
        _processes.ForEach(process => process.Dispose());
        if (_stub is null)
        {
            await _server.CleanAsync(Prefix);
            return;
        }

        await Proxy.DisposeAsync();
        await _stub.DisposeAsync();
    }

    private IEnumerable<(string Key, string Value)> Settings(Uri? through) =>
        [.. _server.Settings(through), ("OpenSearch:IndexPrefix", Prefix), ("OpenSearch:PollInterval", "00:00:00.050")];

    // The stub is ready at once. A real server takes its time to start the shards of a new index, and refuses searches until then.
    private IEnumerable<(string Key, string Value)> Waits() => _stub is null ? [("Aws:RetryDelay", "00:00:00.100")] : [];
}
