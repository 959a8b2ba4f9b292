using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Tests.Contracts;

/// <summary>What everybody who tells a store's changes keeps to.</summary>
public abstract class StoreChangesContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The stores of one process.</summary>
    protected sealed record Stores(ITrainStore Trains, IAnomalyStore Anomalies, IAlertStore Alerts, IStoreChanges Changes);

    protected abstract Stores Here { get; }

    /// <summary>The same stores as another process sees them.</summary>
    protected abstract Stores OpenAgain();

    [Fact]
    public async Task What_was_there_before_the_cursor_is_not_told()
    {
        await Here.Trains.KeepAsync([Samples.State(Samples.Longsight(), 1)], default);
        var cursor = await Here.Changes.GetCursorAsync(default);
        await Here.Trains.KeepAsync([Samples.State(Samples.Crofton(), 2)], default);

        var page = await FirstAsync(Here.Changes, cursor, page => page.Trains.Count > 0);

        Assert.Equal(["222-007"], page.Trains.Select(state => state.Train.Identity.Id));
    }

    [Fact]
    public async Task Each_kind_of_document_is_told()
    {
        var cursor = await Here.Changes.GetCursorAsync(default);
        await Here.Trains.KeepAsync([Samples.State(Samples.Longsight(), 1)], default);
        await Here.Anomalies.AppendAsync([Samples.Anomaly("n", Samples.Longsight(), Samples.Start)], default);
        await Here.Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);

        // On one page or on several, in any order: kinds may be kept apart.
        var told = new List<string>();
        await FirstAsync(Here.Changes, cursor, page =>
        {
            told.AddRange([.. page.Trains.Select(state => state.Train.Identity.Id), .. page.Anomalies.Select(anomaly => anomaly.Id), .. page.Alerts.Select(alert => alert.Id)]);
            return told.Count >= 3;
        });

        Assert.Equal(["390-042", "a", "n"], told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_train_that_is_moved_to_another_depot_takes_its_alerts_along()
    {
        var (before, after) = (Samples.Longsight(), Samples.Crofton("390-042"));
        await Here.Trains.KeepAsync([Samples.State(before, 1)], default);
        await Here.Alerts.PutAsync(Samples.Alert("a", before, Samples.Start), 0, default);
        var cursor = await Here.Changes.GetCursorAsync(default);

        await Here.Trains.KeepAsync([Samples.State(after, 2)], default);

        var page = await FirstAsync(Here.Changes, cursor, page => page.Alerts.Count > 0);
        Assert.Equal((after, 2L), (page.Alerts.Single().Train, page.Alerts.Single().Revision));
        Assert.Null(await Here.Alerts.GetAsync(Samples.OnlyLongsight("depot"), "a", default));
        Assert.Equal(after, (await Here.Alerts.GetAsync(Core.Access.Scope.WholeFleet, "a", default))!.Train);
    }

    [Fact]
    public async Task What_is_only_repeated_is_no_change()
    {
        await Here.Trains.KeepAsync([Samples.State(Samples.Longsight(), 5)], default);
        await Here.Anomalies.AppendAsync([Samples.Anomaly("n", Samples.Longsight(), Samples.Start)], default);
        var cursor = await Here.Changes.GetCursorAsync(default);
        await Here.Trains.KeepAsync([Samples.State(Samples.Longsight(), 5), Samples.State(Samples.Longsight(), 4, 9)], default);
        await Here.Anomalies.AppendAsync([Samples.Anomaly("n", Samples.Longsight(), Samples.Start)], default);
        await Here.Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);

        var page = await FirstAsync(Here.Changes, cursor, page => page.Alerts.Count > 0);

        Assert.Empty(page.Trains);
        Assert.Empty(page.Anomalies);
    }

    [Fact]
    public async Task With_nothing_new_a_page_says_so_every_second()
    {
        var started = DateTimeOffset.MinValue;
        var pages = new List<StoreChanges>();
        await foreach (var page in Here.Changes.FollowAsync(await Here.Changes.GetCursorAsync(default), default))
        {
            pages.Add(page);
            Assert.Empty(page.Trains);
            Assert.True(page.AsOf > started);
            started = page.AsOf;
            if (pages.Count == 3)
            {
                break;
            }
        }

        Assert.True(pages[2].AsOf - pages[0].AsOf < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Every_change_of_two_processes_is_told_once_and_in_order()
    {
        const int Writers = 4;
        const int Each = 150;
        var there = OpenAgain();
        var cursor = await Here.Changes.GetCursorAsync(default);
        var following = Task.Run(() => FollowAsync(Here.Changes, cursor, Writers * Each));
        var followingThere = Task.Run(() => FollowAsync(there.Changes, cursor, Writers * Each));

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer % 2 == 0 ? Here : there, writer, Each))));

        foreach (var told in new[] { await following.WaitAsync(Patience), await followingThere.WaitAsync(Patience) })
        {
            Assert.Equal(Writers * Each, told.Distinct().Count());
            Assert.Equal(Writers * Each, told.Count);
            for (var writer = 0; writer < Writers; writer++)
            {
                var own = told.Where(id => id.StartsWith($"{writer}:", StringComparison.Ordinal)).ToList();
                Assert.Equal(own.Order(StringComparer.Ordinal), own);
            }
        }
    }

    [Fact]
    public async Task A_page_that_does_not_hold_all_is_followed_by_the_rest()
    {
        var cursor = await Here.Changes.GetCursorAsync(default);
        await Here.Anomalies.AppendAsync([.. Enumerable.Range(0, 1_700).Select(i => Samples.Anomaly($"0:{i:0000}", Samples.Longsight(), Samples.Start))], default);
        await Here.Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);

        var told = await FollowAsync(Here.Changes, cursor, 1_700).WaitAsync(Patience);

        Assert.Equal(1_700, told.Distinct().Count());
        Assert.Equal(told.Order(StringComparer.Ordinal), told);
    }

    [Fact]
    public async Task Following_on_from_a_pages_cursor_misses_and_repeats_nothing()
    {
        var cursor = await Here.Changes.GetCursorAsync(default);
        await WriteAsync(Here, 0, 10);
        var first = await FirstAsync(Here.Changes, cursor, page => page.Anomalies.Count > 0);
        await WriteAsync(Here, 1, 10);

        // On one page or on several: what was written last may become visible later than what was written before it.
        var rest = await FollowAsync(Here.Changes, first.Cursor, 20 - first.Anomalies.Count).WaitAsync(Patience);

        List<string> told = [.. first.Anomalies.Select(anomaly => anomaly.Id), .. rest];
        Assert.Equal(20, told.Distinct().Count());
        Assert.Equal(20, told.Count);
    }

    private static async Task WriteAsync(Stores stores, int writer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await stores.Anomalies.AppendAsync([Samples.Anomaly($"{writer}:{i:0000}", Samples.Longsight(), Samples.Start)], default);
        }
    }

    private static async Task<List<string>> FollowAsync(IStoreChanges changes, StoreCursor cursor, int count)
    {
        var told = new List<string>();
        await foreach (var page in changes.FollowAsync(cursor, default))
        {
            told.AddRange(page.Anomalies.Select(anomaly => anomaly.Id));
            if (told.Count >= count)
            {
                break;
            }
        }

        return told;
    }

    private static async Task<StoreChanges> FirstAsync(IStoreChanges changes, StoreCursor cursor, Func<StoreChanges, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var page in changes.FollowAsync(cursor, limit.Token))
        {
            if (wanted(page))
            {
                return page;
            }
        }

        throw new InvalidOperationException("The following ended.");
    }
}
