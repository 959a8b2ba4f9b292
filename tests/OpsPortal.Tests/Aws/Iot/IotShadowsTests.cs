using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>
/// The contract over signed REST: against the embedded service behind AWS's paths, or against the service at IOT_ENDPOINT_URL (with the keys of
/// the environment, or "test"/"test").
/// </summary>
[Trait("Peer", "Iot")]
public sealed class IotShadowsTests : ShadowsContract, IAsyncLifetime
{
    private static readonly string? Elsewhere = Environment.GetEnvironmentVariable("IOT_ENDPOINT_URL");

    private readonly ForeignTrains _foreign = new(Elsewhere);
    private IotRig? _rig;
    private AwsRig _process = null!;

    protected override IDeviceShadows Shadows => _foreign.Wrap(_process.Get<IDeviceShadows>());

    protected override IShadowDeltas Deltas => _foreign.Wrap(_process.Get<IShadowDeltas>());

    public async Task InitializeAsync()
    {
        if (Elsewhere is null)
        {
            _rig = await IotRig.StartAsync();
        }

        _process = Open();
    }

    public async Task DisposeAsync()
    {
        _foreign.Dispose();
        await (_rig?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override (IDeviceShadows Shadows, IShadowDeltas Deltas) OpenAgain()
    {
        var process = Open();
        return (_foreign.Wrap(process.Get<IDeviceShadows>()), _foreign.Wrap(process.Get<IShadowDeltas>()));
    }

    private AwsRig Open() => _rig?.Open() ?? _foreign.Open();
}
