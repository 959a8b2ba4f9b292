using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>
/// The contract over signed REST: against the embedded service behind AWS's paths, or against the service that
/// AWS_ENDPOINT_URL_IOT_DATA_PLANE (or …_IOT_DATA), AWS_ENDPOINT_URL or IOT_ENDPOINT_URL names.
/// </summary>
[Trait("Peer", "Iot")]
public sealed class IotShadowsTests : ShadowsContract, IAsyncLifetime
{
    private static readonly Elsewhere? Other = Elsewhere.Of(AwsService.IotData, older: "IOT_ENDPOINT_URL");

    private readonly ForeignTrains _foreign = new(Other);
    private IotRig? _rig;
    private AwsRig _process = null!;

    protected override IDeviceShadows Shadows => _foreign.Wrap(_process.Get<IDeviceShadows>());

    protected override IShadowDeltas Deltas => _foreign.Wrap(_process.Get<IShadowDeltas>());

    protected override bool DeletesAsAws => Other is null;

    public async Task InitializeAsync()
    {
        if (Other is null)
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
