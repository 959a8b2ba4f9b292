using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of train states, and the registry, keeps to.</summary>
public abstract class TrainStoreContract
{
    protected abstract ITrainStore Trains { get; }

    protected abstract ITrainRegistry Registry { get; }

    [Fact]
    public async Task A_state_comes_back_as_it_was_kept()
    {
        var state = Samples.State(Samples.Longsight(), 17);
        await Trains.KeepAsync([state], default);

        var kept = await Trains.GetAsync(Scope.WholeFleet, "390-042", default);

        Assert.Equal(state with { Readings = kept!.Readings }, kept);
        Assert.Equal(state.Readings, kept.Readings);
    }

    [Fact]
    public async Task A_train_never_moves_backwards()
    {
        await Trains.KeepAsync([Samples.State(Samples.Longsight(), 17, 1)], default);
        await Trains.KeepAsync([Samples.State(Samples.Longsight(), 16, 2)], default);

        Assert.Equal(17, (await Trains.GetAsync(Scope.WholeFleet, "390-042", default))!.SourceOffset);
    }

    [Fact]
    public async Task A_newer_state_replaces_the_older_one()
    {
        await Trains.KeepAsync([Samples.State(Samples.Longsight(), 17, 1)], default);
        await Trains.KeepAsync([Samples.State(Samples.Longsight(), 18, 2)], default);

        Assert.Equal(2, (await Trains.GetAsync(Scope.WholeFleet, "390-042", default))!.Readings.Values.Single().Value);
    }

    [Theory]
    [MemberData(nameof(Samples.Dimensions), MemberType = typeof(Samples))]
    public async Task A_train_outside_the_scope_looks_like_one_that_is_not_there(string dimension)
    {
        await Trains.KeepAsync([Samples.State(Samples.Longsight(), 1), Samples.State(Samples.Crofton(), 2), Samples.State(Samples.Wembley(), 3)], default);
        var scope = Samples.OnlyLongsight(dimension);

        Assert.Null(await Trains.GetAsync(scope, "222-007", default));
        Assert.NotNull(await Trains.GetAsync(scope, "390-042", default));
        Assert.Equal(["390-001", "390-042"], Ids(await Trains.FindAsync(scope, null, 10, default)));
        Assert.Empty(await Trains.FindAsync(Samples.Nothing, null, 10, default));
        Assert.Equal(3, (await Trains.FindAsync(Scope.WholeFleet, null, 10, default)).Count);
    }

    [Fact]
    public async Task Pages_go_on_after_the_last_train_also_when_trains_come_in_between()
    {
        await Trains.KeepAsync([.. Enumerable.Range(10, 10).Select(i => Samples.State(Samples.Longsight($"390-0{i}"), i))], default);
        var first = Ids(await Trains.FindAsync(Scope.WholeFleet, null, 4, default));
        await Trains.KeepAsync([Samples.State(Samples.Longsight("390-001"), 90), Samples.State(Samples.Longsight("390-030"), 91)], default);

        var rest = Ids(await Trains.FindAsync(Scope.WholeFleet, first[^1], 100, default));

        Assert.Equal(["390-010", "390-011", "390-012", "390-013"], first);
        Assert.Equal(["390-014", "390-015", "390-016", "390-017", "390-018", "390-019", "390-030"], rest);
    }

    [Fact]
    public async Task An_unknown_train_is_null() => Assert.Null(await Trains.GetAsync(Scope.WholeFleet, "nobody", default));

    [Fact]
    public async Task Registering_again_updates_the_train()
    {
        var sensors = new Dictionary<string, Core.Telemetry.SensorDescription> { ["TP2"] = new("TP2", "pressure", "airSupply", "bar", "compressor pressure", 2, 0, 20) };
        await Registry.RegisterAsync([Samples.Train(Samples.Longsight()), Samples.Train(Samples.Crofton()) with { Sensors = sensors }], default);
        await Registry.RegisterAsync([Samples.Train(Samples.Longsight()) with { Name = "Pride of Longsight", ExpectedInterval = TimeSpan.FromSeconds(10) }], default);

        var trains = await Registry.FindAllAsync(default);

        Assert.Equal(["222-007", "390-042"], trains.Select(train => train.Identity.Id).Order());
        var longsight = trains.Single(train => train.Identity.Id == "390-042");
        Assert.Equal(("Pride of Longsight", TimeSpan.FromSeconds(10)), (longsight.Name, longsight.ExpectedInterval));
        Assert.Equal(sensors["TP2"], trains.Single(train => train.Identity.Id == "222-007").Describe("TP2"));
    }

    private static List<string> Ids(IReadOnlyList<TrainState> states) => states.Select(state => state.Train.Identity.Id).ToList();
}
