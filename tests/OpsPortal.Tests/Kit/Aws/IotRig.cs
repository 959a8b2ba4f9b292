using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Shadows;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>The embedded shadow service behind AWS IoT's paths on the loopback, and any number of processes that speak to it.</summary>
internal sealed class IotRig : IAsyncDisposable
{
    private readonly DataFolder _folder = new();
    private readonly EmbeddedFiles _files;
    private readonly EmbeddedDeviceShadows _service;
    private readonly List<AwsRig> _processes = [];
    private LoopbackPeer _peer = null!;

    private IotRig(TimeProvider time)
    {
        _files = _folder.Open();
        _service = new EmbeddedDeviceShadows(_files, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<EmbeddedDeviceShadows>.Instance);
        Rest = new ShadowRest(_service, new SignatureCheck("iotdata", "eu-west-2", id => Keys.GetValueOrDefault(id), time));
        Proxy = null!;
    }

    /// <summary>Keys that the service knows.</summary>
    public Dictionary<string, KnownKey> Keys { get; } = new() { [ScriptedKeys.Known.Id] = ScriptedKeys.Known };

    public ShadowRest Rest { get; }

    /// <summary>The way to the service.</summary>
    public TcpFaultProxy Proxy { get; private set; }

    /// <summary>The shadows themselves, without any way between.</summary>
    public IDeviceShadows Service => _service;

    public IReadOnlyList<ReceivedRequest> Received => _peer.Received;

    public static async Task<IotRig> StartAsync(TimeProvider? time = null)
    {
        var rig = new IotRig(time ?? TimeProvider.System);
        rig._peer = await LoopbackPeer.StartAsync(rig.Rest.AnswerAsync);
        rig.Proxy = new TcpFaultProxy(rig._peer.Address);
        return rig;
    }

    /// <summary>A process of the product.</summary>
    public AwsRig Open(ICredentialSource? keys = null, params (string Key, string Value)[] settings)
    {
        var process = new AwsRig(
            keys ?? new ScriptedKeys(ScriptedKeys.Lasting),
            [("Iot:Endpoint", Proxy.Address.AbsoluteUri), ("Iot:PollInterval", "00:00:00.050"), .. settings],
            more: (services, configuration) => services.AddIotShadows(configuration));
        _processes.Add(process);
        return process;
    }

    /// <summary>Requests of a method that the service has received.</summary>
    public int Count(string method) => Received.Count(request => request.Method == method);

    public async ValueTask DisposeAsync()
    {
        _processes.ForEach(process => process.Dispose());
        await Proxy.DisposeAsync();
        await _peer.DisposeAsync();
        await Rest.LateAsync();
        _service.Dispose();
        _folder.Dispose();
    }
}
