using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class TrainsServiceTests
{
    [Fact]
    public async Task Every_train_is_registered_connected_and_measures_once_a_second()
    {
        await using var bench = new TrainsBench();
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count >= 8 * 31, TimeSpan.FromMinutes(2));
        await bench.StopAsync();

        Assert.Equal(8, bench.Registry.Trains.Count);
        foreach (var messages in bench.Source.Messages(bench.Time.GetUtcNow()).GroupBy(message => message.TrainId))
        {
            AssertIncreasing(messages.ToList());
            Assert.Equal("connected", bench.Source.Story(messages.Key)[0]);
            Assert.All(messages, message => Assert.InRange(message.Readings.Count, 8, 14));
            Assert.All(messages, message => Assert.NotNull(message.Position));
        }
    }

    [Fact]
    public async Task The_first_start_makes_up_for_the_history()
    {
        await using var bench = new TrainsBench(("Trains:History", "00:10:00"));
        await bench.StartAsync();
        await TrainsBench.WaitForAsync(() => bench.Source.Count >= 8 * 600);

        var first = bench.Source.Messages(bench.Time.GetUtcNow()).Min(message => message.MeasuredAt);

        Assert.Equal(bench.Time.GetUtcNow().AddMinutes(-10), first);
    }

    [Fact]
    public async Task After_a_pause_the_trains_go_on_with_growing_times_and_sequences_and_lose_nothing()
    {
        await using var bench = new TrainsBench(("Trains:History", "00:05:00"));
        await bench.StartAsync();
        await TrainsBench.WaitForAsync(() => bench.Source.Count >= 8 * 300);
        bench.Source.LoseNextConfirmation = true;
        await bench.RunUntilAsync(() => !bench.Source.LoseNextConfirmation, TimeSpan.FromSeconds(10));
        await bench.StopAsync();

        bench.Time.Advance(TimeSpan.FromMinutes(2));
        var before = bench.Source.Count;
        await bench.StartAsync();
        await TrainsBench.WaitForAsync(() => bench.Source.Count >= before + (8 * 100));
        await bench.StopAsync();

        foreach (var messages in bench.Source.Messages(bench.Time.GetUtcNow()).GroupBy(message => message.TrainId))
        {
            AssertIncreasing(messages.ToList());
        }
    }

    [Fact]
    public async Task A_pause_longer_than_the_history_stays_a_gap()
    {
        await using var bench = new TrainsBench(("Trains:History", "00:01:00"), ("Trains:Count", "1"));
        await bench.StartAsync();
        await TrainsBench.WaitForAsync(() => bench.Source.Count >= 60);
        await bench.StopAsync();
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count >= 65, TimeSpan.FromMinutes(1));
        await bench.StopAsync();

        var times = bench.Source.Messages(bench.Time.GetUtcNow()).Select(message => message.MeasuredAt).ToList();

        Assert.Equal(1, times.Zip(times.Skip(1)).Count(pair => pair.Second - pair.First > TimeSpan.FromMinutes(55)));
    }

    [Fact]
    public async Task While_the_source_is_down_messages_are_kept_and_sent_afterwards_each_once()
    {
        await using var bench = new TrainsBench();
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count > 20, TimeSpan.FromMinutes(1));
        bench.Source.Down = true;
        var stuck = bench.Source.Count;
        // Each second is measured before the stop: what it finds unmeasured a fleet without a history leaves out.
        var later = bench.Time.GetUtcNow().AddSeconds(30);
        await bench.RunUntilAsync(() => bench.Time.GetUtcNow() >= later, TimeSpan.FromMinutes(1));

        Assert.Equal(stuck, bench.Source.Count);
        await bench.StopAsync();

        bench.Source.Down = false;
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Count > stuck + (8 * 30), TimeSpan.FromMinutes(1));
        await bench.StopAsync();

        foreach (var messages in bench.Source.Messages(bench.Time.GetUtcNow()).GroupBy(message => message.TrainId))
        {
            AssertWithoutGap(messages.ToList());
        }
    }

    internal static void AssertIncreasing(IReadOnlyList<TelemetryMessage> messages)
    {
        Assert.All(messages.Zip(messages.Skip(1)), pair =>
        {
            Assert.True(pair.Second.MeasuredAt > pair.First.MeasuredAt, "measured at does not grow");
            Assert.True(pair.Second.Sequence > pair.First.Sequence, "sequence does not grow");
        });
    }

    internal static void AssertWithoutGap(IReadOnlyList<TelemetryMessage> messages) =>
        Assert.All(messages.Zip(messages.Skip(1)), pair =>
        {
            Assert.Equal(pair.First.Sequence + 1, pair.Second.Sequence);
            Assert.Equal(pair.First.MeasuredAt.AddSeconds(1), pair.Second.MeasuredAt);
        });
}
