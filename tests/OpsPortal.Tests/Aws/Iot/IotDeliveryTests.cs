using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Simulated.Shadows;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>An acknowledgement on its way to the train through AWS IoT, while the service fails.</summary>
[Trait("Peer", "Iot")]
public sealed class IotDeliveryTests : IAsyncLifetime
{
    private const string TrainId = "390-042";

    private readonly ManualTime _time = new(Examples.At.AddMinutes(10));
    private IotRig _rig = null!;
    private AwsRig _process = null!;
    private EmbeddedHouse _house = null!;

    private TrainTelling Telling => _house.Get<TrainTelling>();

    public async Task InitializeAsync()
    {
        _rig = await IotRig.StartAsync();
        // Silence is waited for this long. An honest answer must come in time, on a busy machine too: updates are counted.
        _process = _rig.Open(null, ("Iot:Timeout", "00:00:03"));
        _house = new EmbeddedHouse(_time, more: services => services.AddSingleton(_process.Get<IDeviceShadows>()));
        await _house.Get<AlertBook>().TakeAsync(Examples.Change("al-1", 1), default);
        await _house.Get<AlertBook>().AcknowledgeAsync(Examples.Operator, "al-1", "seen", null, default);
        await KeepTrainAsync(online: false);
    }

    public async Task DisposeAsync()
    {
        await _house.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Trait("Fault", "FLT-18")]
    [Fact]
    public async Task FLT_18_after_a_conflict_the_shadow_is_read_again_and_merged_within_three_tries()
    {
        await BeatAtEveryUpdateAsync(times: 2);

        await Telling.TellAsync(TrainId, default);

        var shadow = (await _rig.Service.GetAsync(TrainId, OperationsShadow.Name, default))!;
        Assert.True(OperationsShadow.IsDesired(shadow, "al-1"));
        Assert.Equal(2, (int)shadow.Reported["beat"]!);
        Assert.Equal(DeliveryStage.Desired, (await DeliveryAsync()).Stage);
    }

    [Trait("Fault", "FLT-18")]
    [Fact]
    public async Task FLT_18_after_three_tries_it_stands_with_its_problem_and_the_next_round_delivers()
    {
        await BeatAtEveryUpdateAsync(times: 3);

        await Assert.ThrowsAsync<ShadowConflictException>(() => Telling.TellAsync(TrainId, default));
        var waiting = await DeliveryAsync();
        Assert.Null(waiting.DesiredAt);
        Assert.Contains("version", waiting.Problem, StringComparison.Ordinal);

        await Telling.TellAsync(TrainId, default);
        Assert.Equal(DeliveryStage.Desired, (await DeliveryAsync()).Stage);
        Assert.Null((await DeliveryAsync()).Problem);
    }

    [Fact]
    [Trait("Fault", "SEC-39")]
    public async Task What_is_sent_to_AWS_carries_the_id_under_which_it_stands_in_the_audit()
    {
        var sent = _rig.Received.Count;

        await Telling.TellAsync(TrainId, default);

        var id = (await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(10) with { Act = "acknowledge" }, default))[0].Entry.Correlation!;
        Assert.All(_rig.Received.Skip(sent), request => Assert.EndsWith($"correlation/{id}", request.Header("User-Agent"), StringComparison.Ordinal));
        Assert.All(await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(10) with { Act = "desire" }, default), row => Assert.Equal(id, row.Entry.Correlation));
    }

    [Trait("Fault", "FLT-18")]
    [Fact]
    public async Task FLT_18_an_alert_cleared_and_delivered_in_the_meantime_is_not_written_again()
    {
        await Telling.TellAsync(TrainId, default);
        await ReportAsync();
        await Telling.TellAsync(TrainId, default);
        await _house.Get<AlertBook>().TakeAsync(Examples.Change("al-1", 2, cleared: true), default);
        await BeatAtEveryUpdateAsync(times: 1);

        await Telling.TellAsync(TrainId, default);

        Assert.False(OperationsShadow.IsDesired((await _rig.Service.GetAsync(TrainId, OperationsShadow.Name, default))!, "al-1"));
    }

    [Trait("Fault", "FLT-19")]
    [Fact]
    public async Task FLT_19_an_acknowledgement_whose_update_timed_out_is_delivered_once_and_acknowledged_once_in_the_audit()
    {
        _rig.Rest.Fail(ShadowFault.SilenceAfterDoing);
        _rig.Rest.Fail(ShadowFault.SilenceAfterDoing);

        await Telling.TellAsync(TrainId, default);
        await Telling.TellAsync(TrainId, default);

        Assert.Equal((DeliveryStage.Desired, 1), ((await DeliveryAsync()).Stage, _rig.Rest.Updates));
        Assert.Equal(1, (await DeliveryAsync()).DesiredVersion);
        var desires = (await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(100), default)).Count(row => row.Entry is { Act: "desire", Outcome: "requested" });
        Assert.Equal(1, desires);
    }

    [Trait("Fault", "FLT-21")]
    [Fact]
    public async Task FLT_21_a_train_offline_for_three_days_is_never_shown_as_told()
    {
        for (var hour = 0; hour < 72; hour++)
        {
            Assert.False(await Telling.TellAsync(TrainId, default));
            _time.Advance(TimeSpan.FromHours(1));
        }

        var waiting = await DeliveryAsync();
        Assert.Equal((DeliveryStage.Desired, 1, (DateTimeOffset?)null), (waiting.Stage, _rig.Rest.Updates, waiting.ReportedAt));
        Assert.Equal(TimeSpan.FromDays(3), _time.GetUtcNow() - waiting.DesiredAt);

        await ReportAsync();
        Assert.True(await Telling.TellAsync(TrainId, default));
        Assert.Equal(DeliveryStage.Reported, (await DeliveryAsync()).Stage);
    }

    [Fact]
    public async Task A_simulated_train_hears_over_REST_and_reports_with_its_own_time()
    {
        var train = _rig.Open();
        var client = new ShadowClient(TrainId, train.Get<IDeviceShadows>(), train.Get<IShadowDeltas>(), () => Examples.At.AddSeconds(42), new ShadowRetry(TimeProvider.System, 1), NullLogger.Instance);
        using var connection = new CancellationTokenSource();
        var running = client.RunAsync(connection.Token);
        await Eventually.IsTrueAsync("the train has looked at its shadow", TimeSpan.FromSeconds(20), () => Task.FromResult(_rig.Count("GET") > 0));

        await Eventually.IsTrueAsync("the train has reported", TimeSpan.FromSeconds(20), () => Telling.TellAsync(TrainId, default));

        Assert.Equal((DeliveryStage.Reported, (DateTimeOffset?)Examples.At.AddSeconds(42)), ((await DeliveryAsync()).Stage, (await DeliveryAsync()).TrainTime));
        await connection.CancelAsync();
        await running;
    }

    [Fact]
    public async Task While_the_way_fails_again_and_again_nothing_told_is_lost_and_nothing_is_told_twice()
    {
        TcpFault[] faults = [TcpFault.Cut, TcpFault.CutAfter(100), TcpFault.HalfClose(60), TcpFault.BlackHole, TcpFault.Refuse, TcpFault.Slow(2_000), TcpFault.Delay(TimeSpan.FromMilliseconds(20))];
        var process = _rig.Open(null, ("Iot:Timeout", "00:00:03"), ("Iot:Retries", "1"));
        var shadows = process.Get<IDeviceShadows>();
        for (var i = 0; i < faults.Length; i++)
        {
            var change = new ShadowChange(new JsonObject { [$"al-{i}"] = i }, null);
            using (_rig.Proxy.Set(faults[i]))
            {
                await TryAsync(shadows, change);
            }

            await TryAsync(shadows, change);
        }

        var shadow = (await _rig.Service.GetAsync(TrainId, OperationsShadow.Name, default))!;
        Assert.Equal(Enumerable.Range(0, faults.Length).Select(i => $"al-{i}"), shadow.Desired.Select(entry => entry.Key));
        Assert.Equal((faults.Length, (long)faults.Length), (_rig.Rest.Updates, shadow.Version));

        async Task TryAsync(IDeviceShadows to, ShadowChange change)
        {
            // As the delivery does: it reads, and writes only what differs.
            try
            {
                var present = await to.GetAsync(TrainId, OperationsShadow.Name, default);
                if (present?.Desired.ContainsKey(change.Desired!.Single().Key) != true)
                {
                    await to.UpdateAsync(TrainId, OperationsShadow.Name, change with { Version = present?.Version }, default);
                }
            }
            catch (StoreUnavailableException)
            {
                // Tried again when the way is healed.
            }
        }
    }

    // The train speaks just before the portal's update arrives. A shadow that was never written has no version to conflict with.
    private async Task BeatAtEveryUpdateAsync(int times)
    {
        await _rig.Service.UpdateAsync(TrainId, OperationsShadow.Name, new ShadowChange(null, new JsonObject { ["beat"] = 0 }), default);
        var beats = 0;
        _rig.Rest.Before = async request =>
        {
            if (request.Method == "POST" && beats < times)
            {
                beats++;
                await _rig.Service.UpdateAsync(TrainId, OperationsShadow.Name, new ShadowChange(null, new JsonObject { ["beat"] = beats }), default);
            }
        };
    }

    private async Task ReportAsync()
    {
        var shadow = (await _rig.Service.GetAsync(TrainId, OperationsShadow.Name, default))!;
        await _rig.Service.UpdateAsync(TrainId, OperationsShadow.Name, new ShadowChange(null, (JsonObject)shadow.Desired.DeepClone()), default);
    }

    private Task KeepTrainAsync(bool online) =>
        _house.Get<ITrainStore>().KeepAsync(
            [new TrainState(Examples.Train(), 1, null, new Dictionary<string, LatestReading>(), _time.GetUtcNow(), _time.GetUtcNow(), online ? Examples.At : null, online ? null : Examples.At, null, 0)], default);

    private async Task<Delivery> DeliveryAsync() => (await _house.Get<IAlertStore>().GetAsync(Scope.WholeFleet, "al-1", default))!.Delivery!;
}
