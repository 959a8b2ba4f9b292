using System.Net;
using System.Net.Sockets;
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
    private readonly TcpFaultProxy? _proxy;

    private OpenSearchRig(RealServer server, OpenSearchStub? stub, TcpFaultProxy? proxy) => (_server, _stub, _proxy) = (server, stub, proxy);

    public string Prefix { get; } = $"t{Guid.NewGuid():N}"[..12] + "-";

    /// <summary>The stub, for tests that need what only it can do.</summary>
    public OpenSearchStub Stub => _stub ?? throw new InvalidOperationException("This test runs on the stub.");

    /// <summary>The way to the server.</summary>
    public TcpFaultProxy Proxy => _proxy ?? throw new InvalidOperationException("Nothing can stand before this server: start the rig with a proxy.");

    /// <summary>For tests of the contract: on the real server where there is one.</summary>
    public static async Task<OpenSearchRig> StartAsync() => RealServer.Given is { } server ? new OpenSearchRig(server, null, await ProxyAsync(server.Address)) : await StartStubAsync();

    /// <summary>For tests that let the way to the server fail: on the real one where there is one, unless it is far away and over https.</summary>
    public static async Task<OpenSearchRig> StartWithProxyAsync()
    {
        var rig = await StartAsync();
        return rig._proxy is null ? await StartStubAsync() : rig;
    }

    /// <summary>For tests that need what only the stub can do.</summary>
    public static async Task<OpenSearchRig> StartStubAsync(TimeProvider? time = null)
    {
        var stub = await OpenSearchStub.StartAsync(time);
        return new OpenSearchRig(RealServer.Parse(stub.Address.AbsoluteUri), stub, new TcpFaultProxy(stub.Address));
    }

    /// <summary>A client of the test's own, without any fault between.</summary>
    public HttpClient Connect() => _server.Connect();

    /// <summary>The product's options, through the proxy.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings() => Settings(_proxy is null ? null : Through(_proxy));

    /// <summary>A process of the product.</summary>
    public AwsRig Open(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var process = new AwsRig(
            new ScriptedKeys(ScriptedKeys.Lasting),
            [.. Settings(), .. Waits(), .. settings],
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
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_stub?.DisposeAsync() ?? new ValueTask(_server.CleanAsync(Prefix)));
    }

    // Over https only the server's own name is trusted: a proxy can have it when that name leads here anyway.
    private static async Task<TcpFaultProxy?> ProxyAsync(Uri server)
    {
        if (server.Scheme == Uri.UriSchemeHttps && !server.IsLoopback)
        {
            return null;
        }

        var addresses = await Dns.GetHostAddressesAsync(server.DnsSafeHost, AddressFamily.InterNetwork);
        return addresses is [var first, ..] ? new TcpFaultProxy(new IPEndPoint(first, server.Port)) : null;
    }

    private Uri Through(TcpFaultProxy proxy) =>
        new UriBuilder(_server.Address) { Host = _server.Address.Scheme == Uri.UriSchemeHttps ? _server.Address.Host : proxy.Address.Host, Port = proxy.Port }.Uri;

    private IReadOnlyList<(string Key, string Value)> Settings(Uri? through) =>
        [.. _server.Settings(through), ("OpenSearch:IndexPrefix", Prefix), ("OpenSearch:PollInterval", "00:00:00.050")];

    // The stub is ready at once. A real server takes its time to start the shards of a new index, and refuses searches until then.
    private IEnumerable<(string Key, string Value)> Waits() => _stub is null ? [("Aws:RetryDelay", "00:00:00.100")] : [];
}
