using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpsPortal.Adapters.Simulated;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Simulated.Dirt;

/// <summary>Each kind of dirt goes through the real pipeline on the real stores, and as much is found as was injected.</summary>
public sealed class DirtTests
{
    private static readonly string[] Kinds = ["Duplicates", "Reordered", "Late", "ClockOff", "ClockJump", "MalformedJson", "UnknownField", "NanAsText", "ZeroPosition", "UnitChange", "Stranger"];

    [Theory]
    [InlineData("Duplicates")]
    [InlineData("Reordered")]
    [InlineData("Late")]
    [InlineData("ClockOff")]
    [InlineData("ClockJump")]
    [InlineData("MalformedJson")]
    [InlineData("UnknownField")]
    [InlineData("NanAsText")]
    [InlineData("ZeroPosition")]
    [InlineData("UnitChange")]
    [InlineData("Stranger")]
    public async Task A_kind_by_itself_is_found_exactly_and_nothing_else_is(string kind)
    {
        var rate = kind == "ClockOff" ? "400" : "60";
        await using var dirty = await DirtyHouse.RunAsync([(kind, rate)]);

        Assert.True(dirty.Injected[Word(kind)] >= 10, $"only {dirty.Injected[Word(kind)]} were injected");
        AssertFound(dirty);
    }

    [Fact]
    public async Task All_kinds_at_once_are_told_apart_and_nothing_falls_over()
    {
        await using var dirty = await DirtyHouse.RunAsync([.. Kinds.Select(kind => (kind, kind is "ClockOff" or "Late" or "UnitChange" ? "150" : "30"))]);

        Assert.Equal(Kinds.Select(Word).Order(StringComparer.Ordinal), dirty.Injected.Keys);
        Assert.All(dirty.Injected.Values, count => Assert.True(count > 0));
        AssertFound(dirty);
        // Overtaken, late or fast: no train is behind where its newest message says.
        Assert.All(dirty.States.Where(state => !IsStranger(state)), state => Assert.True(state.MeasuredAt >= state.Position!.MeasuredAt));
    }

    [Fact]
    public async Task Without_dirt_nothing_is_injected()
    {
        await using var clean = await DirtyHouse.RunAsync([]);

        Assert.Empty(clean.Injected);
        AssertFound(clean);
    }

    [Fact]
    public async Task A_restart_neither_adds_dirt_nor_takes_any_away()
    {
        Assert.Equal(await ReceiveAsync(restart: false), await ReceiveAsync(restart: true));
    }

    [Fact]
    public async Task What_is_overtaken_before_a_tunnel_is_overtaken_after_it()
    {
        await using var bench = new TrainsBench(("Trains:Count", "1"), ("Trains:Dirt:Reordered", "1000"));
        bench.UseMole();
        await bench.StartAsync();
        var train = bench.Get<SimulatedFleet>().Trains[0].Id;
        await bench.RunUntilAsync(() => bench.Source.Story(train).Count(word => word == "connected") >= 3, TimeSpan.FromMinutes(30));
        await bench.StopAsync();

        // Two by two the other way round, and no pair is broken up by the tunnel's long silence.
        var sequences = bench.Source.Messages(bench.Time.GetUtcNow()).Select(message => message.Sequence).ToList();
        Assert.True(sequences.Count > 200);
        Assert.All(sequences.Chunk(2).Where(pair => pair.Length == 2), pair => Assert.Equal(pair[0] - 1, pair[1]));
    }

    private static async Task<List<string>> ReceiveAsync(bool restart)
    {
        (string, string)[] rates = [.. Kinds.Select(kind => ($"Trains:Dirt:{kind}", kind is "ClockOff" or "Late" or "UnitChange" ? "150" : "30"))];
        await using var bench = new TrainsBench(rates);
        await bench.StartAsync();
        var start = bench.Time.GetUtcNow();
        await bench.RunUntilAsync(() => bench.Time.GetUtcNow() >= start.AddSeconds(70), TimeSpan.FromMinutes(5));
        if (restart)
        {
            // Killed between the source's taking and its confirmation, with messages held back.
            bench.Source.LoseNextConfirmation = true;
            await bench.RunUntilAsync(() => !bench.Source.LoseNextConfirmation, TimeSpan.FromMinutes(1));
            await bench.StopAsync();
            await bench.StartAsync();
        }

        await bench.RunUntilAsync(() => bench.Time.GetUtcNow() >= start.AddSeconds(180), TimeSpan.FromMinutes(5));
        await bench.StopAsync();
        return [.. bench.Source.Parse(bench.Time.GetUtcNow()).Select(parsed => $"{parsed.Message?.TrainId} {parsed.Message?.Sequence} {parsed.Message?.MeasuredAt:HH:mm:ss} {parsed.Reason} {parsed.BadPosition} {parsed.BadReadings} {parsed.UnknownFields}").Order(StringComparer.Ordinal)];
    }

    private static void AssertFound(DirtyHouse dirty)
    {
        var (figures, reasons) = (dirty.Figures, dirty.Reasons);
        long Injected(string kind) => dirty.Injected.GetValueOrDefault(Word(kind));
        Assert.Null(figures.Problem);
        Assert.Equal(figures.Received, figures.Kept + figures.SetAside + figures.Presence);
        Assert.Equal(Injected("Duplicates"), figures.Duplicates);
        Assert.Equal(Injected("Duplicates"), reasons.GetValueOrDefault(SetAsideReasons.Duplicate));
        Assert.Equal(Injected("ClockJump"), reasons.GetValueOrDefault(SetAsideReasons.BadClock));
        Assert.Equal(Injected("MalformedJson"), reasons.GetValueOrDefault(SetAsideReasons.MalformedJson));
        Assert.Equal(Injected("Duplicates") + Injected("ClockJump") + Injected("MalformedJson"), figures.SetAside);
        Assert.Equal(figures.SetAside, reasons.Values.Sum());
        Assert.Equal(Injected("Reordered") + Injected("Late"), figures.OutOfOrder);
        Assert.Equal(Injected("Late"), figures.Late);
        Assert.Equal(Injected("ClockOff"), figures.Ahead);
        Assert.Equal(Injected("UnknownField"), figures.UnknownFields);
        Assert.Equal(Injected("NanAsText"), figures.BadReadings);
        Assert.Equal(Injected("ZeroPosition"), figures.BadPositions);
        Assert.Equal(Injected("ZeroPosition"), dirty.States.Sum(state => state.BadPositions));
        Assert.Equal(Injected("UnitChange"), figures.OutOfRange);
        Assert.Equal(Injected("Stranger"), figures.Unregistered);
        Assert.Equal(Injected("Stranger") > 0, dirty.States.Any(IsStranger));
        Assert.DoesNotContain(dirty.States, state => state.Position is { Latitude: 0 });
    }

    private static bool IsStranger(TrainState state) => state.Train.Identity.Depot == "unknown";

    private static string Word(string kind) => char.ToLowerInvariant(kind[0]) + kind[1..];

    /// <summary>Ten trains for two and a half minutes, and what the pipeline made of their messages.</summary>
    private sealed class DirtyHouse(EmbeddedHouse house) : IAsyncDisposable
    {
        private const int Seconds = 150;

        public IReadOnlyDictionary<string, long> Injected => house.Get<IInjectedDirt>().Injected;

        public PipelineSnapshot Figures => house.Get<PipelineFigures>().Now;

        public IReadOnlyDictionary<string, long> Reasons { get; private set; } = new Dictionary<string, long>();

        public IReadOnlyList<TrainState> States { get; private set; } = [];

        public static async Task<DirtyHouse> RunAsync((string Kind, string Rate)[] rates)
        {
            var time = new ManualTime();
            var settings = new Dictionary<string, string?> { ["Trains:Count"] = "10", ["Trains:History"] = "00:00:00", ["Trains:FaultsPerHour"] = "0", ["Pipeline:MaxBatch"] = "500" };
            foreach (var (kind, rate) in rates)
            {
                settings[$"Trains:Dirt:{kind}"] = rate;
            }

            // The trains' own folder: their outbox is looked into below.
            var folder = Directory.CreateTempSubdirectory("dirt-").FullName;
            settings["Data:Folder"] = folder;
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            var dirty = new DirtyHouse(new EmbeddedHouse(time, more: services => services.AddSimulatedTrains(configuration)));
            await dirty.MeasureAsync(time, folder);
            await dirty.TakeInAsync();
            Directory.Delete(folder, recursive: true);
            return dirty;
        }

        public ValueTask DisposeAsync() => house.DisposeAsync();

        private async Task MeasureAsync(ManualTime time, string folder)
        {
            var trains = house.Get<IEnumerable<IHostedService>>().Single(service => service.GetType().Name == "TrainsService");
            var fleet = house.Get<SimulatedFleet>();
            await trains.StartAsync(default);
            for (var (second, measured) = (0, false); second < Seconds || !measured; second++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                // The loop may have looked at the clock just before it moved: then it waits for the next second. Not at the end: nothing shall be under way then.
                measured = await TrainsBench.ComesTrueAsync(() => fleet.LastSecond >= time.GetUtcNow().ToUnixTimeSeconds(), 500);
            }

            // What is counted as injected is in the outbox; all of it shall have arrived.
            using var outbox = new Outbox(Path.Combine(folder, "trains.db"));
            await Eventually.IsTrueAsync("everything is sent", TimeSpan.FromSeconds(30), async () =>
                outbox.Progress() is var progress && progress.LastSecond >= time.GetUtcNow().ToUnixTimeSeconds() && await house.Get<ITelemetryIntake>().GetLastNumberAsync("trains", default) == progress.NextNumber - 1);
            await trains.StopAsync(default);
        }

        private async Task TakeInAsync()
        {
            var newest = await house.Get<ITelemetrySource>().GetNewestOffsetAsync(default);
            using var pipeline = house.Make<DetectionPipeline>();
            await pipeline.StartAsync(default);
            await Eventually.IsTrueAsync($"{newest} records are taken in", TimeSpan.FromMinutes(1), () => Task.FromResult(Figures.Received >= newest));
            await pipeline.StopAsync(default);
            Reasons = await house.Get<IDeadLetters>().CountByReasonAsync(default);
            States = await house.Get<ITrainStore>().FindAsync(Scope.WholeFleet, null, 1000, default);
        }
    }
}
