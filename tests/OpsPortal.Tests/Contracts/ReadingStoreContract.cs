using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of recent readings keeps to.</summary>
public abstract class ReadingStoreContract
{
    protected const string Pressure = "brakePipePressure.car1";

    protected static TimeSpan Ten { get; } = TimeSpan.FromSeconds(10);

    protected abstract IReadingStore Readings { get; }

    [Fact]
    public async Task A_window_comes_back_as_a_point()
    {
        await Readings.KeepAsync([Window(0, 1, new(4.5, 50, 5.5, 10))], default);

        Assert.Equal([new ReadingPoint(Samples.Start, 4.5, 5, 5.5, false)], await FindAsync());
    }

    [Fact]
    public async Task Keeping_again_changes_nothing()
    {
        await Readings.KeepAsync([Window(0, 1, new(1, 10, 2, 8)), Window(0, 1, new(4.5, 50, 5.5, 10))], default);
        await Readings.KeepAsync([Window(0, 1, new(4.5, 50, 5.5, 10))], default);

        Assert.Equal([new ReadingPoint(Samples.Start, 4.5, 5, 5.5, false)], await FindAsync());
    }

    [Fact]
    public async Task Parts_of_a_window_that_arrived_apart_are_one_point()
    {
        await Readings.KeepAsync([Window(0, 1, new(4, 12, 4, 3)), Window(0, 4, new(6, 18, 7, 3), late: true)], default);

        Assert.Equal([new ReadingPoint(Samples.Start, 4, 5, 7, true)], await FindAsync());
    }

    [Fact]
    public async Task A_coarser_resolution_merges_windows()
    {
        await Readings.KeepAsync([.. Enumerable.Range(0, 12).Select(i => Window(i, i, new(i, i * 10, i, 10)))], default);

        Assert.Equal(
            [new ReadingPoint(Samples.Start, 0, 2.5, 5, false), new ReadingPoint(Samples.Start.AddMinutes(1), 6, 8.5, 11, false)],
            await FindAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Only_windows_from_inclusive_to_exclusive_count()
    {
        await Readings.KeepAsync([.. Enumerable.Range(0, 4).Select(i => Window(i, i, new(i, i, i, 1)))], default);

        var points = await Readings.FindAsync(Scope.WholeFleet, "390-042", Pressure, Samples.Start.AddSeconds(10), Samples.Start.AddSeconds(30), Ten, default);

        Assert.Equal([1, 2], points.Select(point => point.Mean));
    }

    [Theory]
    [MemberData(nameof(Samples.Dimensions), MemberType = typeof(Samples))]
    public async Task A_train_outside_the_scope_has_no_points(string dimension)
    {
        await Readings.KeepAsync([Window(0, 1, new(1, 1, 1, 1)), Window(0, 1, new(1, 1, 1, 1), train: Samples.Crofton())], default);

        Assert.Single(await FindAsync(Samples.OnlyLongsight(dimension), "390-042"));
        Assert.Empty(await FindAsync(Samples.OnlyLongsight(dimension), "222-007"));
        Assert.Single(await FindAsync(Scope.WholeFleet, "222-007"));
        Assert.Empty(await FindAsync(Samples.Nothing, "390-042"));
    }

    [Fact]
    public async Task A_sensor_or_train_that_is_not_there_has_no_points()
    {
        await Readings.KeepAsync([Window(0, 1, new(1, 1, 1, 1))], default);

        Assert.Empty(await Readings.FindAsync(Scope.WholeFleet, "390-042", "oilTemperature.car9", Samples.Start, Samples.Start.AddHours(1), Ten, default));
        Assert.Empty(await FindAsync(Scope.WholeFleet, "nobody"));
    }

    [Fact]
    public async Task A_resolution_that_is_no_multiple_of_ten_seconds_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => FindAsync(TimeSpan.FromSeconds(15)));

    protected static ReadingWindow Window(int index, long sequence, ReadingFigures figures, bool late = false, TrainIdentity? train = null) => new(
        train ?? Samples.Longsight(),
        Samples.Start.AddSeconds(10 * index),
        sequence,
        figures.Count,
        Samples.Start.AddSeconds((10 * index) + 9),
        late,
        new Dictionary<string, ReadingFigures> { ["axleBoxTemperature.car3.axle2.right"] = new(60, 120, 61, 2), [Pressure] = figures });

    protected Task<IReadOnlyList<ReadingPoint>> FindAsync(TimeSpan? resolution = null) =>
        Readings.FindAsync(Scope.WholeFleet, "390-042", Pressure, Samples.Start, Samples.Start.AddHours(1), resolution ?? Ten, default);

    private Task<IReadOnlyList<ReadingPoint>> FindAsync(Scope scope, string train) =>
        Readings.FindAsync(scope, train, Pressure, Samples.Start, Samples.Start.AddHours(1), Ten, default);
}
