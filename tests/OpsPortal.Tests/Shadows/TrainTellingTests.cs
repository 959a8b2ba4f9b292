using System.Text.Json.Nodes;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Shadows;

public sealed class TrainTellingTests : IAsyncLifetime
{
    private const string TrainId = "390-042";

    private readonly ManualTime _time = new(Examples.At.AddMinutes(10));
    private readonly EmbeddedHouse _house;

    public TrainTellingTests() => _house = new EmbeddedHouse(_time);

    private IDeviceShadows Service => _house.Get<IDeviceShadows>();

    private TrainTelling Telling => _house.Get<TrainTelling>();

    public async Task InitializeAsync()
    {
        await _house.Get<AlertBook>().TakeAsync(Examples.Change("al-1", 1), default);
        await _house.Get<AlertBook>().AcknowledgeAsync(Examples.Operator, "al-1", "seen", null, default);
    }

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    public async Task While_the_train_is_offline_the_acknowledgement_waits_at_desired()
    {
        await KeepTrainAsync(disconnectedSince: Examples.At);

        Assert.False(await Telling.TellAsync(TrainId, default));
        Assert.False(await Telling.TellAsync(TrainId, default));

        var delivery = await DeliveryAsync();
        Assert.Equal((DeliveryStage.Desired, 1L, 1), (delivery.Stage, delivery.DesiredVersion!.Value, delivery.Attempts));
        Assert.Equal(1, (await Service.GetAsync(TrainId, OperationsShadow.Name, default))!.Version);
    }

    [Fact]
    public async Task An_online_train_that_has_not_answered_is_shown_as_online_never_as_reported()
    {
        await KeepTrainAsync(disconnectedSince: null);

        Assert.False(await Telling.TellAsync(TrainId, default));

        Assert.Equal(DeliveryStage.Online, (await DeliveryAsync()).Stage);
    }

    [Fact]
    [Trait("Fault", "SEC-34")]
    public async Task Only_what_is_desired_is_written_in_the_shadow_of_that_name_and_the_trains_word_is_the_trains()
    {
        await KeepTrainAsync(disconnectedSince: null);

        await Telling.TellAsync(TrainId, default);

        var shadow = (await Service.GetAsync(TrainId, OperationsShadow.Name, default))!;
        Assert.Equal(["acknowledgements", "alerts"], shadow.Desired.Select(section => section.Key).Order());
        Assert.Empty(shadow.Reported);
        Assert.Equal([OperationsShadow.Name], await Service.FindNamesAsync(TrainId, default));
    }

    [Theory]
    [Trait("Fault", "BAD-38")]
    [InlineData("""{"acknowledgements":5,"received":[],"alerts":"none"}""")]
    [InlineData("""{"acknowledgements":{"al-1":["yes"]},"v":99,"extra":{"a":{"b":{"c":1}}}}""")]
    [InlineData("""{"received":{"al-1":"2026-11-21T20:10:01.000Z"}}""")]
    public async Task A_train_that_reports_nonsense_confirms_nothing_and_holds_nothing_up(string nonsense)
    {
        await KeepTrainAsync(disconnectedSince: null);
        await Telling.TellAsync(TrainId, default);
        await Service.UpdateAsync(TrainId, OperationsShadow.Name, new ShadowChange(null, (JsonObject)JsonNode.Parse(nonsense)!), default);

        Assert.False(await Telling.TellAsync(TrainId, default));

        Assert.Equal(DeliveryStage.Online, (await DeliveryAsync()).Stage);
    }

    [Fact]
    public async Task All_stages_fill_when_the_train_reports_with_its_own_time()
    {
        await KeepTrainAsync(disconnectedSince: null);
        await Telling.TellAsync(TrainId, default);
        _time.Advance(TimeSpan.FromSeconds(3));
        await ReportAsync();

        Assert.True(await Telling.TellAsync(TrainId, default));

        var delivery = await DeliveryAsync();
        Assert.Equal(DeliveryStage.Reported, delivery.Stage);
        Assert.Equal(Examples.At.AddMinutes(10).AddSeconds(3), delivery.ReportedAt);
        Assert.Equal(Examples.At.AddSeconds(42), delivery.TrainTime);
        Assert.Empty(await _house.Get<IAlertStore>().FindUndeliveredAsync(null, 10, default));
    }

    [Fact]
    public async Task Once_reported_and_cleared_the_entry_is_pruned_from_desired()
    {
        await KeepTrainAsync(disconnectedSince: null);
        await Telling.TellAsync(TrainId, default);
        await ReportAsync();
        await Telling.TellAsync(TrainId, default);
        await _house.Get<AlertBook>().TakeAsync(Examples.Change("al-1", 2, cleared: true), default);

        await Telling.TellAsync(TrainId, default);

        var desired = (await Service.GetAsync(TrainId, OperationsShadow.Name, default))!.Desired;
        Assert.Null(desired["acknowledgements"]?["al-1"]);
        Assert.Null(desired["alerts"]?["al-1"]);
    }

    [Fact]
    public async Task What_was_acknowledged_and_what_the_train_is_told_stand_in_the_audit_under_one_id()
    {
        await KeepTrainAsync(disconnectedSince: null);
        await Telling.TellAsync(TrainId, default);

        var rows = await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(10), default);

        Assert.Equal([("desire", "ok"), ("desire", "requested"), ("acknowledge", "Acknowledged"), ("acknowledge", "requested")], rows.Select(row => (row.Entry.Act, row.Entry.Outcome)));
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(rows.Select(row => row.Entry.Correlation).Distinct())!);
    }

    [Fact]
    public async Task A_train_that_writes_at_the_same_moment_does_not_stop_the_telling()
    {
        await KeepTrainAsync(disconnectedSince: null);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await Service.UpdateAsync(TrainId, OperationsShadow.Name, new ShadowChange(null, new JsonObject { ["beat"] = i }), default);
            }
        });

        await Eventually.IsTrueAsync("the acknowledgement is desired", TimeSpan.FromSeconds(20), async () =>
        {
            try
            {
                await Telling.TellAsync(TrainId, default);
            }
            catch (ShadowConflictException)
            {
                // Lost three times in a row: the loop that calls this tries again later.
            }

            return (await DeliveryAsync()).DesiredAt is not null;
        });
        await writing;
    }

    private async Task ReportAsync()
    {
        var shadow = (await Service.GetAsync(TrainId, OperationsShadow.Name, default))!;
        var reported = (JsonObject)shadow.Desired.DeepClone();
        reported["received"] = new JsonObject { ["al-1"] = "2026-11-21T20:00:42.000Z" };
        await Service.UpdateAsync(TrainId, OperationsShadow.Name, new ShadowChange(null, reported), default);
    }

    private Task KeepTrainAsync(DateTimeOffset? disconnectedSince) =>
        _house.Get<ITrainStore>().KeepAsync(
            [new TrainState(Examples.Train(), 1, null, new Dictionary<string, LatestReading>(), _time.GetUtcNow(), _time.GetUtcNow(), disconnectedSince is null ? Examples.At : null, disconnectedSince, null, 0)], default);

    private async Task<Delivery> DeliveryAsync() => (await _house.Get<IAlertStore>().GetAsync(Scope.WholeFleet, "al-1", default))!.Delivery!;
}
