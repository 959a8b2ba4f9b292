using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>What the follower must live through: each change is told, once.</summary>
[Trait("Peer", "OpenSearch")]
public sealed class FollowerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    public async Task InitializeAsync()
    {
        _rig = await OpenSearchRig.StartWithProxyAsync();
        _process = Open();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    [Trait("Fault", "FLT-9")]
    public async Task Writers_whose_clocks_differ_by_hours_lose_nothing()
    {
        var behind = Open(new ShiftedTime(TimeSpan.FromHours(-3)));
        var ahead = Open(new ShiftedTime(TimeSpan.FromHours(3)));
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(ahead, $"ahead{i}");
            await AppendAsync(behind, $"behind{i}");
        }

        await ToldAsync(run, 40);

        Assert.Equal(40, run.Anomalies.Distinct().Count());
        Assert.Empty(run.Failures);
    }

    [Fact]
    [Trait("Fault", "FLT-11")]
    public async Task An_index_that_begins_while_following_is_followed_from_its_first_document()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        foreach (var month in Enumerable.Range(0, 6))
        {
            var at = Samples.Start.AddMonths(month);
            await _process.Get<IAnomalyStore>().AppendAsync([.. Enumerable.Range(0, 30).Select(i => Samples.Anomaly($"{month}:{i:00}", Samples.Longsight(), at.AddSeconds(i)))], default);
        }

        await ToldAsync(run, 180);

        Assert.Equal(180, run.Anomalies.Distinct().Count());
        Assert.Equal(6, (await _process.Get<Catalogue>().FindAsync(IndexFamily.Anomalies, default)).Count);
        Assert.Empty(run.Failures);
    }

    [Fact]
    public async Task While_the_server_is_away_nothing_is_lost_and_it_is_caught_up_with_in_order()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        await AppendAsync(_process, "n000");
        await ToldAsync(run, 1);
        var asOfBefore = run.AsOf.Last();
        Task writing;
        using (_rig.Proxy.Set(new TcpFault.Refusing()))
        {
            // As the pipeline does: a batch that could not be kept is kept again.
            writing = Task.Run(async () =>
            {
                for (var i = 1; i <= 100; i++)
                {
                    await KeepSomehowAsync($"n{i:000}");
                }
            });
            await Eventually.IsTrueAsync("both sides have noticed", Patience, () => Task.FromResult(run.Failures.Count >= 3));
            Assert.Equal(["n000"], run.Anomalies);
            Assert.True(run.AsOf.Last() - asOfBefore < TimeSpan.FromSeconds(5));
            Assert.NotNull(_process.Get<IServiceHealth>().Get().Problem);
        }

        await writing.WaitAsync(Patience);
        await ToldAsync(run, 101);

        Assert.Equal(Enumerable.Range(0, 101).Select(i => $"n{i:000}"), run.Anomalies);
        Assert.Null(_process.Get<IServiceHealth>().Get().Problem);
    }

    [Fact]
    public async Task Every_revision_of_an_alert_that_can_be_found_is_a_change_of_its_own()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        var alert = await _process.Get<IAlertStore>().PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        for (var i = 0; i < 5; i++)
        {
            var told = run.Alerts.Count;
            await Eventually.IsTrueAsync("the revision is told", Patience, () => Task.FromResult(run.Alerts.Contains($"a:{alert.Revision}")));
            alert = await _process.Get<IAlertStore>().PutAsync(alert with { SafetyClass = $"{i}" }, alert.Revision, default);
        }

        await Eventually.IsTrueAsync("the last is told", Patience, () => Task.FromResult(run.Alerts.Contains("a:6")));
        Assert.Equal(["a:1", "a:2", "a:3", "a:4", "a:5", "a:6"], run.Alerts);
    }

    [Fact]
    public async Task A_train_that_moves_faster_than_it_is_looked_at_is_told_at_its_last_place()
    {
        await using var run = await FollowerRun.StartAsync(_process.Get<IStoreChanges>());
        for (var offset = 1L; offset <= 300; offset++)
        {
            await _process.Get<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), offset), Samples.State(Samples.Crofton(), offset)], default);
        }

        await Eventually.IsTrueAsync("both are told", Patience, () => Task.FromResult(run.Trains.Contains(("390-042", 300)) && run.Trains.Contains(("222-007", 300))));
        Assert.Equal(run.Trains.Distinct().Count(), run.Trains.Count);
        Assert.Equal(run.Trains.Where(train => train.Id == "390-042").Select(train => train.Offset).Order(), run.Trains.Where(train => train.Id == "390-042").Select(train => train.Offset));
    }

    [Fact]
    public async Task An_index_that_was_replaced_is_no_silence()
    {
        var changes = _process.Get<IStoreChanges>();
        await _process.Get<IAlertStore>().PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        var cursor = await changes.GetCursorAsync(default);
        using (var other = _rig.Connect())
        {
            (await other.DeleteAsync($"{_rig.Prefix}alerts")).EnsureSuccessStatusCode();
            (await other.PutAsync($"{_rig.Prefix}alerts", null)).EnsureSuccessStatusCode();
        }

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await changes.FollowAsync(cursor, default).GetAsyncEnumerator().MoveNextAsync());

        Assert.Contains("was replaced", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "FLT-11")]
    public async Task An_alias_that_takes_the_place_of_an_index_is_no_silence_and_repeats_nothing()
    {
        var (changes, alerts) = (_process.Get<IStoreChanges>(), _process.Get<IAlertStore>());
        await alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        var cursor = await changes.GetCursorAsync(default);
        var told = new List<string>();
        var following = FollowAsync(changes, cursor, told);
        await SwapAsync($"{_rig.Prefix}alerts", $"{_rig.Prefix}alerts-2");
        var second = await alerts.PutAsync(Samples.Alert("b", Samples.Longsight(), Samples.Start), 0, default);

        Assert.Contains("was replaced", (await Assert.ThrowsAsync<InvalidOperationException>(() => following.WaitAsync(Patience))).Message, StringComparison.Ordinal);
        Assert.Empty(told);

        await using var run = await FollowerRun.StartAsync(changes);
        await alerts.PutAsync(second, second.Revision, default);
        await Eventually.IsTrueAsync("the change is told", Patience, () => Task.FromResult(!run.Alerts.IsEmpty));
        Assert.Equal(["b:2"], run.Alerts);
        Assert.Empty(run.Failures);
        Assert.Equal(2, (await Open().Get<IAlertStore>().GetAsync(Core.Access.Scope.WholeFleet, "b", default))!.Revision);
    }

    [Theory]
    [InlineData("42")]
    [InlineData("{}")]
    [InlineData("not json")]
    public async Task A_cursor_of_another_store_is_refused(string cursor) =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _process.Get<IStoreChanges>().FollowAsync(new StoreCursor(cursor), default).GetAsyncEnumerator().MoveNextAsync());

    private AwsRig Open(TimeProvider? time = null) => _rig.Open(time, ("OpenSearch:RefreshLive", "00:00:00.050"), ("OpenSearch:RefreshTrains", "00:00:00.050"));

    private static Task AppendAsync(AwsRig process, params string[] ids) =>
        process.Get<IAnomalyStore>().AppendAsync([.. ids.Select(id => Samples.Anomaly(id, Samples.Longsight(), Samples.Start))], default);

    private static Task ToldAsync(FollowerRun run, int count) =>
        Eventually.IsTrueAsync($"{count} anomalies are told", Patience, () => Task.FromResult(run.Anomalies.Count >= count));

    private static async Task FollowAsync(IStoreChanges changes, StoreCursor cursor, List<string> told)
    {
        await foreach (var page in changes.FollowAsync(cursor, default))
        {
            told.AddRange(page.Alerts.Select(alert => alert.Id));
        }
    }

    // As an operator does who has reindexed: the new index has the mapping of the old, whose name becomes its alias.
    private async Task SwapAsync(string old, string next)
    {
        using var other = _rig.Connect();
        var mapping = (await other.GetFromJsonAsync<JsonObject>($"{old}/_mapping"))![old]!["mappings"]!.DeepClone();
        (await other.PutAsJsonAsync(next, new JsonObject { ["mappings"] = mapping })).EnsureSuccessStatusCode();
        var actions = new JsonArray(new JsonObject { ["remove_index"] = new JsonObject { ["index"] = old } }, new JsonObject { ["add"] = new JsonObject { ["index"] = next, ["alias"] = old } });
        (await other.PostAsJsonAsync("_aliases", new JsonObject { ["actions"] = actions })).EnsureSuccessStatusCode();
    }

    private async Task KeepSomehowAsync(string id)
    {
        while (true)
        {
            try
            {
                await AppendAsync(_process, id);
                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(20);
            }
        }
    }
}
