using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class TunnelTests
{
    [Fact]
    public async Task A_train_in_a_tunnel_is_disconnected_keeps_measuring_and_sends_late_and_in_order()
    {
        await using var bench = Bench();
        await bench.StartAsync();
        var train = await RunThroughTunnelAsync(bench);
        await bench.StopAsync();

        AssertStory(bench.Source.Story(train));
    }

    [Fact]
    public async Task What_was_kept_in_a_tunnel_survives_a_stop_and_a_lost_confirmation()
    {
        await using var bench = Bench();
        await bench.StartAsync();
        var train = bench.Get<SimulatedFleet>().Trains[0].Id;
        await bench.RunUntilAsync(() => Ends(bench, train, "disconnected"), TimeSpan.FromMinutes(10));
        for (var second = 0; second < 20; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        bench.Source.LoseNextConfirmation = true;
        await bench.StopAsync();
        await bench.StartAsync();
        await bench.RunUntilAsync(() => bench.Source.Story(train).SkipWhile(word => word != "disconnected").Contains("connected"), TimeSpan.FromMinutes(10));
        var came = bench.Source.Count;
        await bench.RunUntilAsync(() => bench.Source.Count > came + 6, TimeSpan.FromMinutes(1));
        await bench.StopAsync();

        AssertSequences(bench.Source.Story(train));
    }

    [Fact]
    public async Task Trains_in_tunnels_do_not_hold_up_the_others()
    {
        await using var bench = Bench(("Trains:Count", "3"));
        await bench.StartAsync();
        var trains = bench.Get<SimulatedFleet>().Trains.Select(train => train.Id).ToList();
        await bench.RunUntilAsync(() => trains.Exists(train => Ends(bench, train, "disconnected")), TimeSpan.FromMinutes(10));
        var away = trains.First(train => Ends(bench, train, "disconnected"));
        var others = trains.Where(train => !Ends(bench, train, "disconnected")).ToList();
        var before = others.Sum(train => bench.Source.Story(train).Count);

        await bench.RunUntilAsync(() => others.Sum(train => bench.Source.Story(train).Count) > before + 10, TimeSpan.FromSeconds(30));

        Assert.NotEmpty(others);
        Assert.True(Ends(bench, away, "disconnected"));
    }

    [Fact]
    public async Task Two_tunnels_shortly_after_each_other_release_every_message_once()
    {
        await using var bench = new TrainsBench(("Trains:Count", "20"), ("Trains:History", "00:30:00"));
        bench.UseMole("tunnel; First Hole; 2; 3", "tunnel; Second Hole; 3.3; 4.3");
        await bench.StartAsync();
        var trains = bench.Get<SimulatedFleet>().Trains.Select(train => train.Id).ToList();

        // What is made up for comes in turns of many seconds: one ends in the first tunnel, and the next is through both.
        await TrainsBench.WaitForAsync(() => bench.Get<SimulatedFleet>().LastSecond >= bench.Time.GetUtcNow().ToUnixTimeSeconds());
        await bench.StopAsync();

        Assert.Contains(trains, train => bench.Source.Story(train).Count(word => word == "disconnected") > 4);
        Assert.All(trains, train => AssertSequences(bench.Source.Story(train)));
    }

    private static TrainsBench Bench(params (string, string)[] more)
    {
        var bench = new TrainsBench([("Trains:Count", "1"), .. more]);
        bench.UseMole();
        return bench;
    }

    private static async Task<string> RunThroughTunnelAsync(TrainsBench bench)
    {
        var train = bench.Get<SimulatedFleet>().Trains[0].Id;
        await bench.RunUntilAsync(() => Ends(bench, train, "disconnected"), TimeSpan.FromMinutes(10));
        await bench.RunUntilAsync(() => !Ends(bench, train, "disconnected"), TimeSpan.FromMinutes(10));
        var came = bench.Source.Count;
        await bench.RunUntilAsync(() => bench.Source.Count > came + 5, TimeSpan.FromMinutes(1));
        return train;
    }

    private static bool Ends(TrainsBench bench, string train, string word) => bench.Source.Story(train) is [.., var last] && last == word;

    private static void AssertStory(IReadOnlyList<string> story)
    {
        var gone = story.ToList().IndexOf("disconnected");

        Assert.Equal("connected", story[gone + 1]);
        Assert.True(story.Count - gone > 50, "nothing was kept in the tunnel");
        AssertSequences(story);
    }

    // Whatever happened, every message came once, and in the order measured.
    private static void AssertSequences(IReadOnlyList<string> story)
    {
        var sequences = story.Where(word => char.IsAsciiDigit(word[0])).Select(long.Parse).ToList();

        Assert.Equal(Enumerable.Range(0, sequences.Count).Select(i => sequences[0] + i), sequences);
    }
}
