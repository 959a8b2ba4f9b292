using System.Net;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

/// <summary>Keys that come, expire and are exchanged while requests run.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly Dictionary<string, KnownKey> _known = [];
    private LoopbackPeer _peer = null!;
    private TimeSpan _peersClock;

    public async Task InitializeAsync() => _peer = await LoopbackPeer.StartAsync(request =>
        new SignatureCheck("iotdata", "eu-west-2", id => _known.GetValueOrDefault(id), new ManualTime(_time.GetUtcNow() + _peersClock)).Refuse(request) ?? new PeerAnswer(200, "{}"));

    public async Task DisposeAsync() => await _peer.DisposeAsync();

    [Fact]
    public async Task Temporary_keys_are_signed_with_their_token_and_read_again_in_time()
    {
        var source = new ScriptedKeys(Issue(1, minutes: 15), Issue(2, minutes: 60));
        using var rig = new AwsRig(source, time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);

        for (var minute = 0; minute < 20; minute++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, source.Reads);
        Assert.Equal(20, _peer.Received.Count);
        Assert.Equal(13, _peer.Received.Count(request => request.Header("X-Amz-Security-Token") == "token1"));
    }

    [Fact]
    public async Task A_hundred_requests_that_want_new_keys_read_them_once()
    {
        var gate = new TaskCompletionSource();
        var source = new ScriptedKeys(Issue(1, minutes: 60)) { Before = () => gate.Task };
        using var rig = new AwsRig(source, time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);

        var all = Enumerable.Range(0, 100).Select(i => client.GetAsync($"x/{i}")).ToList();
        gate.SetResult();

        Assert.All(await Task.WhenAll(all), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public async Task Keys_refused_as_expired_in_mid_run_are_read_once_for_all_and_every_request_comes_through()
    {
        var source = new ScriptedKeys(Issue(1, minutes: 60), Issue(2, minutes: 60));
        using var rig = new AwsRig(source, time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);
        await client.GetAsync("x");
        _known["AKID1"] = _known["AKID1"] with { ExpiresAt = _time.GetUtcNow() };

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.PostAsync($"x/{i}", new StringContent("{}"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(2, source.Reads);
    }

    [Fact]
    public async Task Keys_that_stay_expired_are_read_again_once_per_request_and_then_the_refusal_is_told()
    {
        var source = new ScriptedKeys(Issue(1, minutes: 60));
        using var rig = new AwsRig(source, time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);
        _known["AKID1"] = _known["AKID1"] with { ExpiresAt = _time.GetUtcNow() };

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("x")).StatusCode);

        Assert.Equal(2, source.Reads);
        Assert.Equal(2, _peer.Received.Count);
    }

    [Fact]
    public async Task While_the_keys_still_hold_a_source_that_fails_does_no_harm_and_is_not_asked_at_every_request()
    {
        var source = new ScriptedKeys(Issue(1, minutes: 15));
        using var rig = new AwsRig(source, time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);
        await client.GetAsync("x");
        _time.Advance(TimeSpan.FromMinutes(14));
        source.Before = () => throw new HttpRequestException("the instance's metadata do not answer");

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
        }

        Assert.Equal(2, source.Reads);
        _time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<NoCredentialsException>(() => client.GetAsync("x"));
        Assert.Equal(11, _peer.Received.Count);
    }

    [Theory]
    [InlineData(47)]
    [InlineData(-47)]
    public async Task A_clock_that_is_off_is_corrected_by_the_first_refusal_and_remembered(int minutes)
    {
        Issue(1, minutes: 600);
        _peersClock = TimeSpan.FromMinutes(minutes);
        using var rig = new AwsRig(new ScriptedKeys(Issue(1, minutes: 600)), time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("x", new StringContent("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
        Assert.Equal(3, _peer.Received.Count);

        _peersClock = TimeSpan.Zero;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
        Assert.Equal(5, _peer.Received.Count);
    }

    [Fact]
    public async Task A_refusal_for_another_reason_changes_neither_clock_nor_keys()
    {
        _peersClock = TimeSpan.FromMinutes(4);
        var source = new ScriptedKeys(Issue(1, minutes: 60) with { SecretKey = "wrong" });
        using var rig = new AwsRig(source, time: _time);
        using var client = rig.Client(AwsService.IotData, _peer.Address);

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("x")).StatusCode);

        Assert.Single(_peer.Received);
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public void Keys_never_say_their_secret()
    {
        Assert.DoesNotContain("secret", $"{Issue(1, 5)}", StringComparison.Ordinal);
        Assert.DoesNotContain("open sesame", $"{new SecretPlace("open sesame", null, null)}", StringComparison.Ordinal);
    }

    private AwsKeys Issue(int number, int minutes)
    {
        var end = _time.GetUtcNow().AddMinutes(minutes);
        _known[$"AKID{number}"] = new KnownKey($"AKID{number}", $"secret{number}", $"token{number}", end);
        return new AwsKeys($"AKID{number}", $"secret{number}", $"token{number}", end);
    }
}
