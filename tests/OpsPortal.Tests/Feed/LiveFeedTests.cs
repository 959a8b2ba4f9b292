using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Feed;

public sealed class LiveFeedTests
{
    private static readonly TrainIdentity One = Samples.Longsight();
    private static readonly TrainIdentity Other = Samples.Crofton();

    [Fact]
    public async Task A_watcher_gets_a_snapshot_and_then_what_changed()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1), Samples.State(Other, 1));
        await using var reader = rig.Watch();

        var first = await reader.NextAsync();
        rig.Move(rig.State(One, 2));
        var second = await reader.NextAsync();

        Assert.True(first.IsSnapshot);
        Assert.Equal(["222-007", "390-042"], first.Trains.Select(train => train.State.Train.Identity.Id));
        Assert.False(second.IsSnapshot);
        Assert.Equal(2, Assert.Single(second.Trains).State.SourceOffset);
        Assert.Empty(second.Introduced);
        Assert.Equal([1L, 2L], [first.Number, second.Number]);
    }

    [Fact]
    public async Task A_train_that_moved_ten_times_comes_once_with_its_last_state()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        for (var offset = 2; offset <= 11; offset++)
        {
            rig.Move(rig.State(One, offset));
        }

        Assert.Equal(11, Assert.Single((await reader.NextAsync()).Trains).State.SourceOffset);
    }

    [Fact]
    public async Task A_train_never_moves_backwards()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 5));
        rig.Move(rig.State(One, 4));

        await using var reader = rig.Watch();

        Assert.Equal(5, Assert.Single((await reader.NextAsync()).Trains).State.SourceOffset);
    }

    [Fact]
    public async Task A_train_that_is_new_or_renamed_is_introduced()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        var renamed = rig.State(One, 2);
        rig.Move(renamed with { Train = renamed.Train with { Name = "Pendolino" } }, rig.State(Other, 2));

        Assert.Equal(["222-007", "390-042"], (await reader.NextAsync()).Introduced.Select(train => train.State.Train.Identity.Id).Order());
    }

    [Fact]
    public async Task Every_change_of_an_alert_comes_in_order()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        for (var revision = 1; revision <= 20; revision++)
        {
            rig.Raise(Samples.Alert("a", One, Samples.Start) with { Revision = revision });
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), (await reader.NextAsync()).Alerts.Select(alert => alert.Revision));
    }

    [Fact]
    public async Task What_the_store_hands_out_twice_comes_once()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        var alert = Samples.Alert("a", One, Samples.Start) with { Revision = 1 };
        var anomaly = Samples.Anomaly("n", One, Samples.Start);
        rig.Raise(alert, alert);
        rig.Raise(alert);
        rig.Find(anomaly);
        rig.Find(anomaly);
        var frame = await reader.NextAsync();

        Assert.Single(frame.Alerts);
        Assert.Single(frame.Anomalies);
    }

    [Fact]
    public async Task A_watcher_too_far_behind_gets_a_fresh_snapshot_and_no_gap()
    {
        var rig = FeedRig.Started(new FeedOptions { AlertBacklog = 10 }, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        for (var number = 0; number < 11; number++)
        {
            rig.Raise(Samples.Alert($"a{number}", One, Samples.Start.AddSeconds(number)) with { Revision = 1 });
        }

        var frame = await reader.NextAsync();
        Assert.True(frame.IsSnapshot);
        Assert.Equal(11, frame.Alerts.Count);
        Assert.Equal(2, frame.Number);
    }

    [Fact]
    public async Task A_watcher_just_not_too_far_behind_gets_every_change()
    {
        var rig = FeedRig.Started(new FeedOptions { AlertBacklog = 10 }, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        for (var number = 0; number < 10; number++)
        {
            rig.Raise(Samples.Alert($"a{number}", One, Samples.Start.AddSeconds(number)) with { Revision = 1 });
        }

        var frame = await reader.NextAsync();
        Assert.False(frame.IsSnapshot);
        Assert.Equal(10, frame.Alerts.Count);
    }

    [Fact]
    public async Task The_worst_open_alert_of_a_train_follows_its_alerts()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        var critical = Samples.Alert("c", One, Samples.Start) with { Revision = 1 };
        rig.Raise(Samples.Alert("w", One, Samples.Start, Severity.Watch) with { Revision = 1 }, critical);
        Assert.Equal(Severity.Critical, Assert.Single((await reader.NextAsync()).Trains).WorstAlert);

        var cleared = Samples.Acknowledged(critical, Samples.Start) with { Episode = critical.Episode with { ClearedAt = Samples.Start }, Revision = 2 };
        rig.Raise(cleared);
        var frame = await reader.NextAsync();
        Assert.Equal(Severity.Watch, Assert.Single(frame.Trains).WorstAlert);
        Assert.Equal(AlertState.Cleared, Assert.Single(frame.Alerts).State);
        Assert.Equal("w", Assert.Single(rig.Feed.Current(Scope.WholeFleet).Alerts).Id);
    }

    [Fact]
    public void The_newest_anomalies_stand_in_order_of_measuring_also_when_one_comes_late()
    {
        var rig = FeedRig.Started(new FeedOptions { NewestAnomalies = 3 }, Samples.State(One, 1));

        rig.Find(Samples.Anomaly("3", One, Samples.Start.AddSeconds(3)), Samples.Anomaly("1", One, Samples.Start.AddSeconds(1)));
        rig.Find(Samples.Anomaly("4", One, Samples.Start.AddSeconds(4)), Samples.Anomaly("2", One, Samples.Start.AddSeconds(2)));

        Assert.Equal(["4", "3", "2"], rig.Feed.Current(Scope.WholeFleet).Anomalies.Select(anomaly => anomaly.Id));
    }

    [Theory]
    [InlineData("depot")]
    [InlineData("line")]
    [InlineData("class")]
    public async Task A_watcher_sees_only_what_lies_inside_its_scope(string dimension)
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1), Samples.State(Other, 1));
        await using var reader = rig.Watch(Samples.OnlyLongsight(dimension));
        var snapshot = await reader.NextAsync();

        rig.Feed.Apply(rig.Page(
            [rig.State(Other, 2), rig.State(One, 2)],
            [Samples.Anomaly("theirs", Other, Samples.Start), Samples.Anomaly("ours", One, Samples.Start)],
            [Samples.Alert("theirs", Other, Samples.Start) with { Revision = 1 }, Samples.Alert("ours", One, Samples.Start) with { Revision = 1 }]));
        var changes = await reader.NextAsync();

        Assert.Equal("390-042", Assert.Single(snapshot.Trains).State.Train.Identity.Id);
        Assert.Equal("390-042", Assert.Single(changes.Trains).State.Train.Identity.Id);
        Assert.Equal("ours", Assert.Single(changes.Anomalies).Id);
        Assert.Equal("ours", Assert.Single(changes.Alerts).Id);
        Assert.Null(rig.Feed.Find(Samples.OnlyLongsight(dimension), Other.Id));
        Assert.NotNull(rig.Feed.Find(Samples.OnlyLongsight(dimension), One.Id));
    }

    [Fact]
    public async Task Content_is_shared_by_watchers_of_equal_scope_and_place_and_by_no_others()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1), Samples.State(Other, 1));
        await using var first = rig.Watch(Samples.OnlyLongsight("depot"));
        await using var second = rig.Watch(Samples.OnlyLongsight("depot"));
        await using var whole = rig.Watch();
        await using var late = rig.Watch();
        var snapshots = new[] { await first.NextAsync(), await second.NextAsync(), await whole.NextAsync() };
        rig.Move(rig.State(One, 2));
        var changes = new[] { await first.NextAsync(), await second.NextAsync(), await whole.NextAsync(), await late.NextAsync() };

        Assert.Same(snapshots[0].Content, snapshots[1].Content);
        Assert.NotSame(snapshots[0].Content, snapshots[2].Content);
        Assert.Same(changes[0].Content, changes[1].Content);
        Assert.Equal(4, new[] { snapshots[0], changes[0], changes[2], changes[3] }.Select(frame => frame.Content).Distinct().Count());
        Assert.Equal([2L, 2L, 2L, 1L], changes.Select(frame => frame.Number));
    }

    [Fact]
    public async Task An_empty_scope_sees_nothing()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch(Samples.Nothing);

        Assert.Empty((await reader.NextAsync()).Trains);
    }

    [Fact]
    public async Task A_train_that_leaves_the_scope_leaves_the_picture()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch(Samples.OnlyLongsight("depot"));
        await reader.NextAsync();

        rig.Move(rig.State(One with { Depot = "Crofton" }, 2));
        var frame = await reader.NextAsync();

        Assert.True(frame.IsSnapshot);
        Assert.Empty(frame.Trains);
    }

    [Fact]
    public async Task A_train_goes_stale_by_the_clock_alone()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        Assert.Equal(Connectivity.Online, Assert.Single((await reader.NextAsync()).Trains).Connectivity);

        rig.Time.Advance(ConnectivityRule.StaleAfterAtLeast + TimeSpan.FromSeconds(1));
        rig.Feed.Beat();

        Assert.Equal(Connectivity.Stale, Assert.Single((await reader.NextAsync()).Trains).Connectivity);
    }

    [Fact]
    public async Task Before_the_store_has_answered_frames_say_so_and_then_a_snapshot_comes()
    {
        var rig = new FeedRig();
        await using var reader = rig.Watch();
        var before = await reader.NextAsync();

        rig.Feed.Restart(new FeedSnapshot(Samples.Start, [Samples.State(One, 1)], [], []));
        var after = await reader.NextAsync();

        Assert.Equal((null, "The store has not answered yet."), (before.Store.AsOf, before.Store.Problem));
        Assert.True(after.IsSnapshot);
        Assert.Single(after.Trains);
        Assert.Null(after.Store.Problem);
    }

    [Fact]
    public async Task While_the_store_is_down_every_frame_says_so_with_the_last_as_of_and_no_train_looks_newer()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        var heardAt = Assert.Single((await reader.NextAsync()).Trains).State.ReceivedAt;

        rig.Time.Advance(TimeSpan.FromSeconds(5));
        rig.Feed.MarkUnreachable("The store cannot be reached.");
        var told = await reader.NextAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        rig.Feed.Beat();
        var later = await reader.NextAsync();

        Assert.Equal(new StoreHealth(Samples.Start, "The store cannot be reached."), told.Store);
        Assert.Equal(told.Store, later.Store);
        var train = Assert.Single(later.Trains);
        Assert.Equal((heardAt, Connectivity.Stale), (train.State.ReceivedAt, train.Connectivity));

        rig.Move();
        Assert.Null((await reader.NextAsync()).Store.Problem);
    }

    [Fact]
    public async Task Every_beat_brings_a_frame_even_when_nothing_happens()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();

        for (var beat = 0; beat < 3; beat++)
        {
            rig.Feed.Beat();
            var frame = await reader.NextAsync();
            Assert.Equal((false, 0, 0), (frame.IsSnapshot, frame.Trains.Count, frame.Alerts.Count));
        }
    }

    [Fact]
    public async Task Frames_come_at_once_after_a_pause_and_otherwise_no_faster_than_the_interval()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();
        var pending = reader.Pending();
        rig.Move(rig.State(One, 2));
        Assert.False(pending.IsCompleted);

        rig.Time.Advance(rig.Options.FrameInterval);
        await reader.NextAsync();

        // The pause after that frame is over before anything happens: what comes then is not held back.
        var idle = reader.Pending();
        rig.Time.Advance(rig.Options.FrameInterval);
        rig.Move(rig.State(One, 3));
        Assert.True(await idle.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_disposed_watcher_ends_its_loop_and_leaves_the_count()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));
        var watcher = rig.Feed.Watch(Scope.WholeFleet);
        var read = Task.Run(async () =>
        {
            var frames = 0;
            await foreach (var _ in watcher.ReadAsync(CancellationToken.None))
            {
                frames++;
            }

            return frames;
        });
        Assert.Equal(1, rig.Feed.Watchers);

        await watcher.DisposeAsync();
        await watcher.DisposeAsync();

        Assert.InRange(await read.WaitAsync(TimeSpan.FromSeconds(30)), 0, 1);
        Assert.Equal(0, rig.Feed.Watchers);
    }

    [Fact]
    public void A_store_that_says_nothing_is_said_to_be_silent_though_it_refused_nothing()
    {
        var rig = FeedRig.Started(null, Samples.State(One, 1));

        rig.Time.Advance(TimeSpan.FromSeconds(6));
        rig.Feed.Beat();

        Assert.Contains("slow", rig.Feed.Store.Problem, StringComparison.Ordinal);
        Assert.Equal(Samples.Start, rig.Feed.Store.AsOf);

        // An answer that took longer than that is about the past too.
        rig.Feed.Apply(rig.Page() with { AsOf = Samples.Start.AddSeconds(0.5) });
        Assert.NotNull(rig.Feed.Store.Problem);

        rig.Move(rig.State(One, 2));
        Assert.Null(rig.Feed.Store.Problem);
    }
}
