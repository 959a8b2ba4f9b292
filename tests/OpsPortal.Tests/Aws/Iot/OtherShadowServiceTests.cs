using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>Services that speak the protocol of AWS IoT Core's shadows and are not AWS's: what they write in their own way, and what they want first.</summary>
[Trait("Peer", "Iot")]
public sealed class OtherShadowServiceTests : IAsyncLifetime
{
    private const string Train = "390-042";
    private const string Name = OperationsShadow.Name;

    private readonly LinesLogged _lines = new();
    private LoopbackPeer _peer = null!;
    private AwsRig _process = null!;
    private Func<ReceivedRequest, PeerAnswer> _answer = _ => PeerAnswer.Error(404, "ResourceNotFoundException");

    private IEnumerable<string> Warnings => _lines.All.Where(line => line.Contains("delta", StringComparison.Ordinal));

    private IDeviceShadows Shadows => _process.Get<IDeviceShadows>();

    public async Task InitializeAsync()
    {
        _peer = await LoopbackPeer.StartAsync(request => _answer(request));
        _process = new AwsRig(
            new ScriptedKeys(ScriptedKeys.Lasting),
            [("Iot:Endpoint", _peer.Address.AbsoluteUri)],
            more: (services, configuration) => services.AddIotShadows(configuration).AddSingleton<ILoggerProvider>(_lines));
    }

    public async Task DisposeAsync()
    {
        _process.Dispose();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task A_train_that_the_service_does_not_know_is_said_with_what_to_do()
    {
        _answer = _ => new PeerAnswer(404, """{"message":"Thing not found"}""");

        var refused = await Assert.ThrowsAsync<ShadowRefusedException>(() => Shadows.UpdateAsync(Train, Name, new ShadowChange(new JsonObject { ["a"] = 1 }, null), default));

        Assert.Equal("The shadow service does not know the thing 390-042 (404: Thing not found). Register it there (CreateThing).", refused.Message);
    }

    [Fact]
    public async Task Objects_with_nothing_in_them_are_no_difference()
    {
        _answer = _ => new PeerAnswer(200, """{"state":{"desired":{"a":{"b":1},"c":{"d":2}},"reported":{"a":{"b":1},"c":{}},"delta":{"a":{},"c":{"d":2},"e":{"f":{}}}},"version":1,"timestamp":1}""");

        var shadow = (await Shadows.GetAsync(Train, Name, default))!;

        Assert.Equal("""{"c":{"d":2}}""", shadow.Delta.ToJsonString());
        Assert.Empty(Warnings);
    }

    [Fact]
    public async Task A_difference_that_is_another_is_said_once_for_each_version()
    {
        var version = 1;
        _answer = _ => new PeerAnswer(200, $$$"""{"state":{"desired":{"a":1},"reported":{"a":1},"delta":{"a":1}},"version":{{{version}}},"timestamp":1}""");

        await Shadows.GetAsync(Train, Name, default);
        await Shadows.GetAsync(Train, Name, default);
        Assert.Single(Warnings);
        version = 2;
        await Shadows.GetAsync(Train, Name, default);
        await Shadows.GetAsync("222-007", Name, default);

        Assert.Equal(3, Warnings.Count());
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
