using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>What happens to updates when the service, the way to it, or the keys fail: counted before and after.</summary>
[Trait("Peer", "Iot")]
public sealed class IotFaultTests : IAsyncLifetime
{
    private const string Train = "390-042";
    private const string Name = OperationsShadow.Name;

    private IotRig _rig = null!;
    private AwsRig _process = null!;

    private IDeviceShadows Shadows => _process.Get<IDeviceShadows>();

    public async Task InitializeAsync()
    {
        _rig = await IotRig.StartAsync();
        // Silence is waited for this long. An honest answer must come in time, on a busy machine too: requests are counted.
        _process = _rig.Open(null, ("Iot:Timeout", "00:00:03"));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Trait("Fault", "FLT-19")]
    [Theory]
    [InlineData(ShadowFault.SilenceAfterDoing)]
    [InlineData(ShadowFault.CutAfterDoing)]
    [InlineData(ShadowFault.FailAfterDoing)]
    public async Task FLT_19_an_update_done_in_silence_is_found_done_and_not_sent_again(ShadowFault fault)
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        _rig.Rest.Fail(fault);

        var shadow = await Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}""") with { Version = 1 }, default);

        Assert.Equal((2, 2), (shadow.Version, (int)shadow.Desired["a"]!));
        Assert.Equal((2, 2), (_rig.Rest.Updates, _rig.Count("POST")));
    }

    [Trait("Fault", "FLT-19")]
    [Theory]
    [InlineData(ShadowFault.Silence)]
    [InlineData(ShadowFault.Fail)]
    public async Task FLT_19_an_update_not_done_is_found_not_done_and_sent_again(ShadowFault fault)
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        _rig.Rest.Fail(fault);

        var shadow = await Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}""") with { Version = 1 }, default);

        Assert.Equal((2, 2), (shadow.Version, (int)shadow.Desired["a"]!));
        Assert.Equal((2, 3), (_rig.Rest.Updates, _rig.Count("POST")));
    }

    [Trait("Fault", "FLT-19")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FLT_19_an_update_that_arrives_after_all_counts_once(bool namesVersion)
    {
        for (var i = 1; i <= 10; i++)
        {
            var before = await Shadows.UpdateAsync(Train, Name, Desire($$"""{"round":{{i}}}"""), default);
            _rig.Rest.Fail(ShadowFault.CutThenDoing);

            await Shadows.UpdateAsync(Train, Name, Desire($$"""{"a":{{i}}}""") with { Version = namesVersion ? before.Version : null }, default);
            await _rig.Rest.LateAsync();

            var after = (await _rig.Service.GetAsync(Train, Name, default))!;
            Assert.Equal(i, (int)after.Desired["a"]!);
            // Without a version the late one may come second and write the same once more; never a third time, never another value.
            Assert.InRange(after.Version, before.Version + 1, before.Version + (namesVersion ? 1 : 2));
        }
    }

    [Trait("Fault", "FLT-19")]
    [Fact]
    public async Task FLT_19_when_nothing_can_be_learnt_it_is_said_so_and_the_next_try_finds_the_truth()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        using (_rig.Proxy.Set(TcpFault.CutAfter(0)))
        {
            var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}"""), default));
            Assert.Equal("device shadow", down.Store);
            Assert.NotNull(_process.Get<IotHealth>().Get().Problem);
        }

        Assert.Equal(2, (await Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}"""), default)).Version);
        Assert.Null(_process.Get<IotHealth>().Get().Problem);
    }

    [Fact]
    public async Task A_conflict_tells_the_present_version()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        _rig.Rest.Before = async request =>
        {
            if (request.Method == "POST")
            {
                _rig.Rest.Before = _ => Task.CompletedTask;
                await _rig.Service.UpdateAsync(Train, Name, new ShadowChange(null, new JsonObject { ["beat"] = 1 }), default);
            }
        };

        var conflict = await Assert.ThrowsAsync<ShadowConflictException>(() => Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}""") with { Version = 1 }, default));

        Assert.Equal(2, conflict.PresentVersion);
        Assert.Equal(1, _rig.Rest.Updates);
    }

    [Fact]
    public async Task Two_writers_that_conflict_all_the_time_lose_and_double_nothing()
    {
        var other = _rig.Open().Get<IDeviceShadows>();
        await Shadows.UpdateAsync(Train, Name, Desire("""{"count":0}"""), default);
        var conflicts = 0;

        await Task.WhenAll(CountUpAsync(Shadows), CountUpAsync(other));

        var end = (await _rig.Service.GetAsync(Train, Name, default))!;
        Assert.Equal((80, 81L, 81), ((int)end.Desired["count"]!, end.Version, _rig.Rest.Updates));
        Assert.True(conflicts > 0);

        async Task CountUpAsync(IDeviceShadows shadows)
        {
            for (var i = 0; i < 40;)
            {
                var shadow = (await shadows.GetAsync(Train, Name, default))!;
                try
                {
                    await shadows.UpdateAsync(Train, Name, Desire($$"""{"count":{{(int)shadow.Desired["count"]! + 1}}}""") with { Version = shadow.Version }, default);
                    i++;
                }
                catch (ShadowConflictException)
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        }
    }

    [Fact]
    public async Task Conflicts_of_updates_that_name_no_version_are_overcome()
    {
        _rig.Rest.Fail(ShadowFault.Conflict, 2);

        Assert.Equal(1, (await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default)).Version);
        Assert.Equal((1, 3), (_rig.Rest.Updates, _rig.Count("POST")));
    }

    [Trait("Fault", "FLT-20")]
    [Fact]
    public async Task FLT_20_five_hundred_updates_under_throttling_are_all_done_each_with_its_own_result_and_paced()
    {
        using var process = _rig.Open(null, ("Iot:MaxInFlight", "16"), ("Iot:Retries", "10"));
        var shadows = process.Get<IDeviceShadows>();
        _rig.Rest.Before = _ => Task.Delay(1);
        _rig.Rest.Fail(ShadowFault.Throttle, 120);
        _rig.Rest.Fail(ShadowFault.FailAfterDoing, 10);
        var results = new ConcurrentDictionary<int, string>();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            // Every fiftieth train has a name that AWS does not take; ten trains for the others.
            var train = i % 50 == 0 ? $"bad train {i}" : $"390-{i % 10:000}";
            try
            {
                await shadows.UpdateAsync(train, Name, Desire($$"""{"al{{i / 10}}":{{i}}}"""), default);
                results[i] = "done";
            }
            catch (ShadowRefusedException)
            {
                results[i] = "refused";
            }
        }));

        Assert.Equal((490, 10), (results.Values.Count(result => result == "done"), results.Values.Count(result => result == "refused")));
        Assert.InRange(_rig.Rest.MostInFlight, 2, 4);
        var kept = 0;
        for (var train = 0; train < 10; train++)
        {
            kept += (await _rig.Service.GetAsync($"390-{train:000}", Name, default))!.Desired.Count;
        }

        Assert.Equal(490, kept);
    }

    [Fact]
    public async Task Keys_that_expire_in_mid_run_are_exchanged_once_and_every_update_is_done_once()
    {
        var source = new ScriptedKeys(new AwsKeys("AKID1", "one", "t1", null), new AwsKeys("AKID2", "two", "t2", null));
        _rig.Keys["AKID1"] = new KnownKey("AKID1", "one", "t1");
        _rig.Keys["AKID2"] = new KnownKey("AKID2", "two", "t2");
        using var process = _rig.Open(source);
        var shadows = process.Get<IDeviceShadows>();
        for (var i = 0; i < 50; i++)
        {
            if (i == 20)
            {
                _rig.Keys["AKID1"] = _rig.Keys["AKID1"] with { ExpiresAt = TimeProvider.System.GetUtcNow() };
            }

            await shadows.UpdateAsync(Train, Name, Desire($$"""{"a":{{i}}}"""), default);
        }

        Assert.Equal((2, 50, 50L), (source.Reads, _rig.Rest.Updates, (await _rig.Service.GetAsync(Train, Name, default))!.Version));
    }

    [Fact]
    public async Task Keys_that_are_refused_are_said_in_words_without_the_secret()
    {
        using var process = _rig.Open(new ScriptedKeys(new AwsKeys("AKIDTEST", "wrong secret", null, null)));

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.Get<IDeviceShadows>().GetAsync(Train, Name, default));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong secret", $"{refused}", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "BAD-37")]
    public async Task A_document_that_grew_too_large_names_what_to_prune_and_is_not_sent()
    {
        await Shadows.UpdateAsync(Train, Name, new ShadowChange(new JsonObject { ["alerts"] = new JsonObject { ["al-7"] = new string('x', 5_000) } }, null), default);

        var refused = await Assert.ThrowsAsync<ShadowRefusedException>(() =>
            Shadows.UpdateAsync(Train, Name, new ShadowChange(null, new JsonObject { ["received"] = new string('y', 3_500) }), default));

        Assert.Contains("desired.alerts.al-7 (5002 bytes)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _rig.Count("POST"));
    }

    [Fact]
    [Trait("Fault", "BAD-37")]
    public async Task What_the_service_refuses_is_not_tried_again()
    {
        _rig.Rest.Before = request => request.Method == "POST" ? throw new ShadowRefusedException("no such thing") : Task.CompletedTask;

        var refused = await Assert.ThrowsAsync<ShadowRefusedException>(() => Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default));

        Assert.Contains("no such thing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _rig.Count("POST"));
    }

    private static ShadowChange Desire(string json) => new(JsonNode.Parse(json)!.AsObject(), null);
}
