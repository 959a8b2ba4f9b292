using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>What the follower must live through where the server itself fails, which only the stub does when it is asked to: each change is told, once.</summary>
[Trait("Peer", "OpenSearchStub")]
public sealed class FollowerFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    public async Task InitializeAsync()
    {
        _rig = await OpenSearchRig.StartStubAsync();
        _process = Open();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    [Trait("Fault", "FLT-9")]
    public async Task A_document_that_becomes_visible_four_seconds_late_is_told_once_and_no_other_twice()
    {
        _rig.Stub.Hold((_, id) => id is "late" ? TimeSpan.FromSeconds(4) : TimeSpan.Zero);
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        await AppendAsync(_process, "before", "late", "after");
        await ToldAsync(run, 2);
        Assert.DoesNotContain("late", run.Anomalies);
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(_process, $"more{i}");
        }

        await ToldAsync(run, 23);
        await AppendAsync(_process, "last");
        await ToldAsync(run, 24);

        Assert.Equal(24, run.Anomalies.Distinct().Count());
        Assert.Contains("late", run.Anomalies);
    }

    [Fact]
    [Trait("Fault", "FLT-8")]
    public async Task A_part_of_an_answer_is_never_taken_for_the_whole()
    {
        await AppendAsync(_process, "old");
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        _rig.Stub.BreakShards(index => index.Contains("-anomalies-", StringComparison.Ordinal));
        await AppendAsync(_process, "hidden");
        var alert = await _process.Get<IAlertStore>().PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        await Eventually.IsTrueAsync("the follower says what is missing", Patience, () => Task.FromResult(!run.Failures.IsEmpty));
        Assert.True(run.Failures.TryPeek(out var failure));
        Assert.IsType<OpenSearchIncompleteException>(Assert.IsType<StoreUnavailableException>(failure).InnerException);
        Assert.Contains("1 of 1 shards did not answer", failure.Message, StringComparison.Ordinal);
        Assert.Empty(run.Alerts);

        _rig.Stub.Heal();

        await ToldAsync(run, 1);
        // Told beside the anomaly or after it.
        await Eventually.IsTrueAsync("the alert is told", Patience, () => Task.FromResult(!run.Alerts.IsEmpty));
        Assert.Equal(["hidden"], run.Anomalies);
        Assert.Equal([$"a:{alert.Revision}"], run.Alerts);
    }

    [Fact]
    [Trait("Fault", "FLT-7")]
    public async Task A_storm_of_429_is_a_pause_not_a_hole()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        await AppendAsync(_process, "first");
        await ToldAsync(run, 1);
        _rig.Stub.Fail(request => request.Path.EndsWith("/_search", StringComparison.Ordinal) ? new PeerAnswer(429, """{"error":{"type":"es_rejected_execution_exception","reason":"queue is full"},"status":429}""") : null);
        for (var i = 0; i < 50; i++)
        {
            await AppendAsync(_process, $"storm{i:00}");
        }

        await Eventually.IsTrueAsync("the storm is noticed", Patience, () => Task.FromResult(!run.Failures.IsEmpty));
        _rig.Stub.Heal();
        await ToldAsync(run, 51);

        Assert.Equal(["first", .. Enumerable.Range(0, 50).Select(i => $"storm{i:00}")], run.Anomalies);
    }

    [Fact]
    public async Task Numbers_that_a_killed_server_gives_again_are_told_at_once_and_while_nothing_else_comes()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        await AppendAsync(_process, "a", "b", "c");
        await ToldAsync(run, 3);

        // Shown, and lost with the server: b and c. Their numbers are those of d and e.
        _rig.Stub.TakeUp(lost: 2);
        await AppendAsync(_process, "d");
        await ToldAsync(run, 4);
        await AppendAsync(_process, "e", "f");
        await ToldAsync(run, 6);

        Assert.Equal(["a", "b", "c", "d", "e", "f"], run.Anomalies);
        Assert.Empty(run.Failures);
    }

    [Fact]
    public async Task Numbers_given_again_are_told_also_when_higher_ones_are_seen_first()
    {
        await AppendAsync(_process, "a", "b", "c");
        var changes = _process.Get<IStoreChanges>();
        var cursor = await changes.GetCursorAsync(default);
        _rig.Stub.TakeUp(lost: 2);
        await AppendAsync(_process, "d", "e", "f", "g");

        await using var run = new FollowerRun(changes, cursor);
        await ToldAsync(run, 4);

        Assert.Equal(["d", "e", "f", "g"], run.Anomalies);
    }

    [Fact]
    public async Task A_server_that_keeps_its_state_to_itself_is_asked_once_and_followed_by_what_its_pages_say()
    {
        _rig.Stub.Fail(request => request.Path.StartsWith("/_cluster/state", StringComparison.Ordinal) ? new PeerAnswer(403, """{"error":{"type":"security_exception","reason":"no permissions for [cluster:monitor/state]"},"status":403}""") : null);
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        await AppendAsync(_process, "a", "b", "c");
        await ToldAsync(run, 3);
        _rig.Stub.TakeUp(lost: 2);
        await AppendAsync(_process, "d", "e", "f");
        await ToldAsync(run, 6);

        Assert.Equal(["a", "b", "c", "d", "e", "f"], run.Anomalies);
        Assert.Empty(run.Failures);
        Assert.Equal(1, _rig.Stub.Received.Count(request => request.Path.StartsWith("/_cluster/state", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_comes_back_with_all_it_had_is_followed_on_and_nothing_is_told_twice()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        await _process.Get<IAlertStore>().PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        for (var i = 0; i < 3; i++)
        {
            await AppendAsync(_process, $"{i}a", $"{i}b");
            await ToldAsync(run, (i * 2) + 2);
            _rig.Stub.TakeUp(lost: 0);
        }

        var alert = (await _process.Get<IAlertStore>().GetAsync(Core.Access.Scope.WholeFleet, "a", default))!;
        await _process.Get<IAlertStore>().PutAsync(alert, alert.Revision, default);
        await Eventually.IsTrueAsync("the alert is told", Patience, () => Task.FromResult(run.Alerts.Count == 2));

        Assert.Equal(["0a", "0b", "1a", "1b", "2a", "2b"], run.Anomalies);
        Assert.Empty(run.Failures);
    }

    private AwsRig Open() => _rig.Open(settings: [("OpenSearch:Retries", "1"), ("OpenSearch:RefreshLive", "00:00:00.050"), ("OpenSearch:RefreshTrains", "00:00:00.050")]);

    private static Task AppendAsync(AwsRig process, params string[] ids) =>
        process.Get<IAnomalyStore>().AppendAsync([.. ids.Select(id => Samples.Anomaly(id, Samples.Longsight(), Samples.Start))], default);

    private static Task ToldAsync(FollowerRun run, int count) =>
        Eventually.IsTrueAsync($"{count} anomalies are told", Patience, () => Task.FromResult(run.Anomalies.Count >= count));
}
