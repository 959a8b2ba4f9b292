using System.Globalization;
using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>Services that speak the protocol of AWS IoT Core's shadows and are not AWS's: what they write in their own way, and what they want first.</summary>
[Trait("Peer", "Iot")]
public sealed class OtherShadowServiceTests : IAsyncLifetime
{
    private const string Train = "390-042";
    private const string Name = OperationsShadow.Name;

    private LoopbackPeer _peer = null!;
    private AwsRig _process = null!;
    private Func<ReceivedRequest, PeerAnswer> _answer = _ => PeerAnswer.Error(404, "ResourceNotFoundException");

    private IDeviceShadows Shadows => _process.Get<IDeviceShadows>();

    public async Task InitializeAsync()
    {
        _peer = await LoopbackPeer.StartAsync(request => _answer(request));
        _process = new AwsRig(
            new ScriptedKeys(ScriptedKeys.Lasting),
            [("Iot:Endpoint", _peer.Address.AbsoluteUri)],
            more: (services, configuration) => services.AddIotShadows(configuration));
    }

    public async Task DisposeAsync()
    {
        _process.Dispose();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("1764000000", "2025-11-24T16:00:00Z")]
    [InlineData("1764000000.123", "2025-11-24T16:00:00Z")]
    [InlineData("1.764E9", "2025-11-24T16:00:00Z")]
    [InlineData("1764000000123", "2025-11-24T16:00:00.123Z")]
    public async Task A_time_is_read_in_parts_of_seconds_and_in_milliseconds_too(string said, string at)
    {
        _answer = request => request.Method == "GET"
            ? new PeerAnswer(200, $$$"""{"state":{"desired":{"a":1}},"version":3.0,"timestamp":{{{said}}}}""")
            : new PeerAnswer(200, $$$"""{"state":{"desired":{"a":2}},"version":4,"timestamp":{{{said}}}}""");

        var read = (await Shadows.GetAsync(Train, Name, default))!;
        var written = await Shadows.UpdateAsync(Train, Name, new ShadowChange(new JsonObject { ["a"] = 2 }, null), default);

        var expected = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        Assert.Equal((3, expected), (read.Version, read.At));
        Assert.Equal((4, expected), (written.Version, written.At));
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("-1")]
    [InlineData("\"yesterday\"")]
    public async Task What_is_no_time_is_said_and_nothing_is_made_of_it(string said)
    {
        _answer = _ => new PeerAnswer(200, $$$"""{"state":{},"version":1,"timestamp":{{{said}}}}""");

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => Shadows.GetAsync(Train, Name, default));

        Assert.Contains("no shadow document", down.Problem, StringComparison.Ordinal);
    }
}
