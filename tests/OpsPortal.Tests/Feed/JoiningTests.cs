using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Feed;

/// <summary>Watchers that come, go, read slowly or not at all while the feed runs. Alone, because the memory of the whole process is measured.</summary>
[Collection(Alone.Name)]
public sealed class JoiningTests
{
    private const int Pages = 3_000;
    private const int Trains = 20;

    private static readonly FeedOptions Quick = new() { FrameInterval = TimeSpan.FromMilliseconds(10), AlertBacklog = 100_000, AnomalyBacklog = 100_000, NewestAnomalies = 50 };

    [Fact]
    public async Task Snapshot_and_changes_join_without_gap_or_double()
    {
        var rig = new FeedRig(Quick, TimeProvider.System);
        rig.Feed.Restart(new FeedSnapshot(Samples.Start, [], [], []));
        var chance = new Random(7);
        var watchers = Enumerable.Range(0, 16).Select(_ => FollowAsync(rig.Feed, TimeSpan.FromMilliseconds(chance.Next(150)))).ToList();

        await Task.Run(async () =>
        {
            for (var number = 1; number <= Pages; number++)
            {
                Apply(rig, number);
                if (number % 20 == 0)
                {
                    await Task.Delay(1);
                }
            }
        });

        foreach (var seen in await Task.WhenAll(watchers).WaitAsync(TimeSpan.FromSeconds(60)))
        {
            Assert.Equal(Enumerable.Range(1, Pages), seen.Alerts.Order());
            Assert.Equal(Enumerable.Range(seen.Anomalies.Min(), Pages - seen.Anomalies.Min() + 1), seen.Anomalies.Order());
            Assert.Equal(rig.Feed.Current(Scope.WholeFleet).Trains.ToDictionary(train => train.State.Train.Identity.Id, train => train.State.SourceOffset), seen.Offsets);
            Assert.True(seen.NeverBackwards);
        }
    }

    [Fact]
    public async Task Watchers_that_do_not_read_hold_nothing_and_delay_nobody()
    {
        var rig = new FeedRig(new FeedOptions { FrameInterval = TimeSpan.FromMilliseconds(10), AlertBacklog = 500, AnomalyBacklog = 500 }, TimeProvider.System);
        rig.Feed.Restart(new FeedSnapshot(Samples.Start, [], [], []));
        var idle = Enumerable.Range(0, 200).Select(_ => rig.Feed.Watch(Scope.WholeFleet)).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var reading = FollowAsync(rig.Feed, TimeSpan.Zero);
        for (var number = 1; number <= Pages; number++)
        {
            Apply(rig, number);
            if (number % 20 == 0)
            {
                await Task.Delay(1);
            }
        }

        var seen = await reading.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Pages, seen.Alerts.Max());
        // 200 times what one of them missed would be hundreds of megabytes.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32_000_000);
        Assert.Equal(200, idle.Count);
        foreach (var watcher in idle)
        {
            await watcher.DisposeAsync();
        }
    }

    private static void Apply(FeedRig rig, int number)
    {
        var train = Samples.Longsight($"390-{number % Trains:000}");
        rig.Feed.Apply(rig.Page(
            [Samples.State(train, number)],
            [Samples.Anomaly($"{number}", train, Samples.Start.AddSeconds(number))],
            [Samples.Alert($"{number}", train, Samples.Start.AddSeconds(number)) with { Revision = 1 }]));
    }

    private static async Task<Seen> FollowAsync(LiveFeed feed, TimeSpan joinAfter)
    {
        await Task.Delay(joinAfter);
        var seen = new Seen();
        await using var watcher = feed.Watch(Scope.WholeFleet);
        await foreach (var frame in watcher.ReadAsync(CancellationToken.None))
        {
            if (seen.Take(frame) == Pages)
            {
                break;
            }
        }

        return seen;
    }

    private sealed class Seen
    {
        public List<int> Alerts { get; } = [];

        public List<int> Anomalies { get; } = [];

        public Dictionary<string, long> Offsets { get; } = [];

        public bool NeverBackwards { get; private set; } = true;

        public int Take(FeedFrame frame)
        {
            if (frame.IsSnapshot)
            {
                Alerts.Clear();
                Anomalies.Clear();
            }

            Alerts.AddRange(frame.Alerts.Select(alert => int.Parse(alert.Id)));
            Anomalies.AddRange(frame.Anomalies.Select(anomaly => int.Parse(anomaly.Id)));
            foreach (var train in frame.Trains)
            {
                NeverBackwards &= Offsets.GetValueOrDefault(train.State.Train.Identity.Id) <= train.State.SourceOffset;
                Offsets[train.State.Train.Identity.Id] = train.State.SourceOffset;
            }

            return Alerts.Count == 0 ? 0 : Alerts.Max();
        }
    }
}
