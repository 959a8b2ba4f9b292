using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Detection;

public sealed class DetectionPipelineTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly EmbeddedHouse _house = new(more: services => services.Configure<PipelineOptions>(options => options.SnapshotEvery = TimeSpan.FromSeconds(1)));
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddMinutes(-4).ToUnixTimeSeconds());
    private long _number;

    private ITelemetryIntake Intake => _house.Get<ITelemetryIntake>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    [Trait("Fault", "BAD-1")]
    [Trait("Fault", "BAD-8")]
    public async Task Dirt_is_counted_and_set_aside_with_its_reason_and_nothing_falls_over()
    {
        await SendAsync("not json", "{\"trainId\":\"../x\"}", Message("a", 1, 0), Message("a", 1, 0), Message("a", 1, 5), Message("a", 3, 2), Message("a", 2, 1), "{\"trainId\":\"a\",\"sequence\":9,\"measuredAt\":\"1999-01-01T00:00:00Z\"}");
        await SendAsync(SourceRecordKind.Presence, "{\"clientId\":\"a\",\"eventType\":\"vanished\"}", "{\"clientId\":\"a\",\"eventType\":\"disconnected\",\"timestamp\":1}");

        var figures = await RunUntilKeptAsync(10);

        Assert.Equal(10, figures.Received);
        Assert.Equal((3, 6, 1), (figures.Kept, figures.SetAside, figures.Presence));
        Assert.Equal((1, 2, 3), (figures.OutOfOrder, figures.Duplicates, figures.Late));
        var reasons = await _house.Get<IDeadLetters>().CountByReasonAsync(default);
        Assert.Equal(
            new Dictionary<string, long>
            {
                [SetAsideReasons.MalformedJson] = 1, [SetAsideReasons.BadTrainId] = 1, [SetAsideReasons.Duplicate] = 1,
                [SetAsideReasons.ConflictingDuplicate] = 1, [SetAsideReasons.BadClock] = 1, [SetAsideReasons.BadPresence] = 1,
            }.OrderBy(reason => reason.Key),
            reasons.OrderBy(reason => reason.Key));
    }

    [Fact]
    public async Task What_is_measured_can_be_read_back_and_the_train_is_where_it_last_was()
    {
        await SendAsync([.. Enumerable.Range(0, 60).Select(second => Message("a", second, second, value: second))]);

        await RunUntilKeptAsync(60);

        var points = await _house.Get<IReadingStore>().FindAsync(Scope.WholeFleet, "a", "oilTemperature.car1", _start.AddMinutes(-1), _start.AddMinutes(2), TimeSpan.FromSeconds(10), default);
        Assert.Equal(60, points.Sum(point => Math.Round(point.Max - point.Min + 1)));
        Assert.Equal((0, 59), (points[0].Min, points[^1].Max));
        var state = await _house.Get<ITrainStore>().GetAsync(Scope.WholeFleet, "a", default);
        Assert.Equal(_start.AddSeconds(59), state!.MeasuredAt);
        Assert.Equal(59, state.Readings["oilTemperature.car1"].Value);
    }

    [Fact]
    [Trait("Fault", "BAD-12")]
    public async Task A_late_message_corrects_history_and_never_moves_the_train_back()
    {
        await SendAsync(Message("a", 10, 100, value: 7, latitude: 53.5), Message("a", 9, 50, value: 3, latitude: 53.4));

        await RunUntilKeptAsync(2);

        var state = await _house.Get<ITrainStore>().GetAsync(Scope.WholeFleet, "a", default);
        Assert.Equal((53.5, 7), (state!.Position!.Latitude, state.Readings["oilTemperature.car1"].Value));
        var points = await _house.Get<IReadingStore>().FindAsync(Scope.WholeFleet, "a", "oilTemperature.car1", _start, _start.AddMinutes(2), TimeSpan.FromSeconds(10), default);
        Assert.Equal([3, 7], points.Select(point => point.Max));
    }

    [Fact]
    public async Task The_gateways_word_makes_a_train_offline_and_its_next_message_brings_it_back()
    {
        await SendAsync(Message("a", 1, 0));
        await SendAsync(SourceRecordKind.Presence, "{\"clientId\":\"a\",\"eventType\":\"disconnected\",\"timestamp\":1}");
        await RunUntilKeptAsync(2);
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(Connectivity.Offline, ConnectivityRule.At((await _house.Get<ITrainStore>().GetAsync(Scope.WholeFleet, "a", default))!, now));

        await SendAsync(Message("a", 2, 1));
        await RunUntilKeptAsync(3);

        Assert.Equal(Connectivity.Online, ConnectivityRule.At((await _house.Get<ITrainStore>().GetAsync(Scope.WholeFleet, "a", default))!, now));
    }

    [Fact]
    public void Cut_anywhere_and_restored_from_its_snapshot_it_finds_the_same()
    {
        var records = Enumerable.Range(0, 1500).Select(i => new SourceRecord(i + 1, SourceRecordKind.Telemetry, _start.AddSeconds(i), Encoding.UTF8.GetBytes(Message("a", i, i, value: i is > 900 and < 960 ? 95 : 60 + (i * 37 % 11))))).ToList();
        var unbroken = Take(new DetectorMemory(new(), new()), records);
        Assert.NotEmpty(unbroken.Anomalies);

        foreach (var cut in new[] { 1, 500, 899, 905, 930, 1100 })
        {
            var first = new DetectorMemory(new(), new());
            var before = first.Take(records[..cut]);
            var snapshot = new DetectorSnapshot(cut, before.Changed.ToDictionary(train => train.Key, train => train.Value.Write()));
            var second = new DetectorMemory(new(), new());
            second.Restore(snapshot);
            var after = Take(second, records[cut..]);

            Assert.Equal(unbroken.Anomalies.Select(anomaly => (anomaly.Id, anomaly.Score, anomaly.Grade)), before.Anomalies.Concat(after.Anomalies).Select(anomaly => (anomaly.Id, anomaly.Score, anomaly.Grade)));
            Assert.Equal(unbroken.Changes.Select(change => (change.AlertId, change.Episode.Number, change.Episode.Count)), before.Changes.Concat(after.Changes).Select(change => (change.AlertId, change.Episode.Number, change.Episode.Count)));
            Assert.Equal(cut, second.SourceOffset - after.Counts.Received);
        }
    }

    [Fact]
    public async Task Read_again_after_a_kill_nothing_is_kept_twice()
    {
        await SendAsync([.. Enumerable.Range(0, 700).Select(second => Message("a", second, second * 0.3, value: second is > 600 and < 640 ? 95 : 60 + (second * 37 % 11)))]);
        await RunUntilKeptAsync(700);
        var anomalies = await FindAnomaliesAsync();
        var alerts = await FindAlertsAsync();
        Assert.NotEmpty(alerts);

        // A second detector that never heard of the first's snapshot reads everything again: the worst kill there is.
        await _house.Get<IDetectorSnapshots>().KeepAsync(new DetectorSnapshot(0, new Dictionary<string, ReadOnlyMemory<byte>>()), default);
        await RunUntilKeptAsync(1400);

        Assert.Equal(anomalies, await FindAnomaliesAsync());
        Assert.Equal(alerts, await FindAlertsAsync());
        var points = await _house.Get<IReadingStore>().FindAsync(Scope.WholeFleet, "a", "oilTemperature.car1", _start, _start.AddMinutes(5), TimeSpan.FromSeconds(10), default);
        Assert.Equal(21, points.Count);
    }

    [Theory]
    [Trait("Fault", "BAD-10")]
    [InlineData(53.0009, -2.2, 1, 0)]
    [InlineData(71, -2.2, 1, 1)]
    [InlineData(54, -2.2, 3_600, 0)]
    [InlineData(54, -2.2, 0, 0)]
    public async Task A_position_that_no_train_can_have_come_to_is_taken_and_counted(double latitude, double longitude, double seconds, int jumps)
    {
        await SendAsync(Message("a", 1, -3_600), Message("a", 2, seconds - 3_600, latitude: latitude, longitude: longitude));

        var figures = await RunUntilKeptAsync(2);

        Assert.Equal((2, jumps), (figures.Kept, figures.Jumps));
        var state = (await _house.Get<ITrainStore>().GetAsync(Scope.WholeFleet, "a", default))!;
        Assert.Equal(jumps > 0, state.Position!.Suspect);
    }

    [Fact]
    [Trait("Fault", "BAD-9")]
    public async Task A_position_with_latitude_and_longitude_the_wrong_way_round_is_a_bad_one_and_the_last_good_one_stays()
    {
        await SendAsync(Message("a", 1, -20, latitude: 53.48, longitude: -2.23), Message("a", 2, -10, latitude: -2.23, longitude: 53.48));

        var figures = await RunUntilKeptAsync(2);

        Assert.Equal((2, 1, 0), (figures.Kept, figures.BadPositions, figures.Jumps));
        var state = (await _house.Get<ITrainStore>().GetAsync(Scope.WholeFleet, "a", default))!;
        Assert.Equal((53.48, -2.23, false), (state.Position!.Latitude, state.Position.Longitude, state.Position.Suspect));
        Assert.Equal(10, (state.MeasuredAt!.Value - state.Position.MeasuredAt).TotalSeconds);
    }

    [Fact]
    [Trait("Fault", "BAD-11")]
    public async Task A_train_that_crosses_the_line_of_dates_has_not_gone_around_the_world()
    {
        await SendAsync(Message("a", 1, 0, longitude: 179.999), Message("a", 2, 10, longitude: -179.999));

        Assert.Equal((2, 0), (await RunUntilKeptAsync(2) is var figures ? figures.Kept : 0, figures.Jumps));
    }

    [Fact]
    public async Task A_source_that_falls_silent_is_committed_to_its_last_record()
    {
        await SendAsync(Message("a", 1, 0), Message("a", 2, 1));
        using var pipeline = _house.Make<DetectionPipeline>();
        await pipeline.StartAsync(default);
        var source = _house.Get<ITelemetrySource>();
        await Eventually.IsTrueAsync("both are committed although nothing follows", Limit, async () => await source.GetCommittedAsync(DetectionPipeline.Consumer, default) == 2);
        Assert.Equal(2, (await _house.Get<IDetectorSnapshots>().GetAsync(default))!.SourceOffset);

        await SendAsync(Message("a", 3, 2));
        await Eventually.IsTrueAsync("it goes on reading afterwards", Limit, async () => await source.GetCommittedAsync(DetectionPipeline.Consumer, default) == 3);
        await pipeline.StopAsync(default);
        Assert.Equal(3, _house.Get<PipelineFigures>().Now.Received);
    }

    private static BatchFindings Take(DetectorMemory memory, List<SourceRecord> records)
    {
        var all = new BatchFindings();
        foreach (var batch in records.Chunk(7))
        {
            var findings = memory.Take(batch);
            all.Anomalies.AddRange(findings.Anomalies);
            all.Changes.AddRange(findings.Changes);
        }

        all.Counts = new BatchCounts(records.Count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return all;
    }

    private async Task<List<string>> FindAnomaliesAsync() =>
        [.. (await _house.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 1000), default)).Select(anomaly => $"{anomaly.Id} {anomaly.KeptAt:O}")];

    private async Task<List<string>> FindAlertsAsync() =>
        [.. (await _house.Get<IAlertStore>().FindAsync(Scope.WholeFleet, new AlertQuery(null, null, null, null, null, null, 1000), default)).Select(alert => $"{alert.Id} {alert.Revision} {alert.Episode.Count}")];

    private async Task<PipelineSnapshot> RunUntilKeptAsync(long received)
    {
        using var pipeline = _house.Make<DetectionPipeline>();
        await pipeline.StartAsync(default);
        var figures = _house.Get<PipelineFigures>();
        await Eventually.IsTrueAsync($"{received} records are kept; {figures.Now}", Limit, () => Task.FromResult(figures.Now.Received >= received));
        await pipeline.StopAsync(default);
        Assert.Null(figures.Now.Problem);
        return figures.Now;
    }

    private Task SendAsync(params string[] bodies) => SendAsync(SourceRecordKind.Telemetry, bodies);

    private Task SendAsync(SourceRecordKind kind, params string[] bodies) =>
        Intake.AppendAsync("test", [.. bodies.Select(body => new OutgoingRecord(++_number, kind, Encoding.UTF8.GetBytes(body)))], default);

    private string Message(string trainId, long sequence, double second, double value = 60, double latitude = 53, double longitude = -2.2) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"trainId\":\"{trainId}\",\"sequence\":{sequence},\"measuredAt\":\"{_start.AddSeconds(second):yyyy-MM-ddTHH:mm:ss.fffZ}\",")
        + string.Create(CultureInfo.InvariantCulture, $"\"position\":{{\"latitude\":{latitude},\"longitude\":{longitude}}},\"readings\":{{\"oilTemperature.car1\":{value}}}}}");
}
