using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of anomalies keeps to.</summary>
public abstract class AnomalyStoreContract
{
    private static readonly AnomalyQuery All = new(null, null, null, null, null, 1_000);

    protected abstract IAnomalyStore Anomalies { get; }

    /// <summary>Moves the clock that says when something was kept.</summary>
    protected abstract void Advance(TimeSpan by);

    [Fact]
    public async Task An_anomaly_comes_back_with_the_time_it_was_kept()
    {
        var found = Samples.Anomaly("a", Samples.Longsight(), Samples.Start);
        await Anomalies.AppendAsync([found], default);

        var kept = Assert.Single(await FindAsync(All));

        Assert.NotNull(kept.KeptAt);
        Assert.Equal(found with { KeptAt = kept.KeptAt, Shares = kept.Shares }, kept);
        Assert.Equal(found.Shares, kept.Shares);
    }

    [Fact]
    public async Task Finding_it_again_changes_nothing()
    {
        var found = Samples.Anomaly("a", Samples.Longsight(), Samples.Start);
        await Anomalies.AppendAsync([found, found], default);
        var first = Assert.Single(await FindAsync(All));
        Advance(TimeSpan.FromSeconds(1));
        await Anomalies.AppendAsync([found with { Grade = 0.1 }], default);

        var kept = Assert.Single(await FindAsync(All));

        Assert.Equal((first.KeptAt, 0.93), (kept.KeptAt, kept.Grade));
    }

    [Theory]
    [MemberData(nameof(Samples.Dimensions), MemberType = typeof(Samples))]
    public async Task Only_what_is_inside_the_scope_is_found(string dimension)
    {
        await Anomalies.AppendAsync([Samples.Anomaly("a", Samples.Longsight(), Samples.Start), Samples.Anomaly("b", Samples.Crofton(), Samples.Start)], default);

        Assert.Equal(["a"], Ids(await Anomalies.FindAsync(Samples.OnlyLongsight(dimension), All, default)));
        Assert.Empty(await Anomalies.FindAsync(Samples.OnlyLongsight(dimension), All with { TrainId = "222-007" }, default));
        Assert.Empty(await Anomalies.FindAsync(Samples.Nothing, All, default));
    }

    [Fact]
    public async Task Each_filter_narrows()
    {
        await Anomalies.AppendAsync(
            [
                Samples.Anomaly("a", Samples.Longsight(), Samples.Start),
                Samples.Anomaly("b", Samples.Longsight(), Samples.Start.AddSeconds(1), "brakes"),
                Samples.Anomaly("c", Samples.Crofton(), Samples.Start.AddSeconds(2)),
            ],
            default);

        Assert.Equal(["c", "b", "a"], Ids(await FindAsync(All)));
        Assert.Equal(["c", "b"], Ids(await FindAsync(All with { From = Samples.Start.AddSeconds(1) })));
        Assert.Equal(["a"], Ids(await FindAsync(All with { To = Samples.Start.AddSeconds(1) })));
        Assert.Equal(["b", "a"], Ids(await FindAsync(All with { TrainId = "390-042" })));
        Assert.Equal(["b"], Ids(await FindAsync(All with { Subsystem = "brakes" })));
        Assert.Equal(["c"], Ids(await FindAsync(All with { Limit = 1 })));
    }

    [Fact]
    public async Task A_cursor_stays_where_it_was_when_new_ones_come_on_top()
    {
        // Several at the same instant: the order within it is by id.
        await Anomalies.AppendAsync([.. Enumerable.Range(0, 12).Select(i => Samples.Anomaly($"id{i:00}", Samples.Longsight(), Samples.Start.AddSeconds(i / 4)))], default);
        var seen = new List<Anomaly>();
        for (var page = 0; page < 4; page++)
        {
            AnomalyCursor? after = seen.Count == 0 ? null : new(seen[^1].MeasuredAt, seen[^1].Id);
            seen.AddRange(await FindAsync(All with { After = after, Limit = 3 }));
            await Anomalies.AppendAsync([Samples.Anomaly($"new{page}", Samples.Longsight(), Samples.Start.AddMinutes(1))], default);
        }

        Assert.Equal(["id08", "id09", "id10", "id11", "id04", "id05", "id06", "id07", "id00", "id01", "id02", "id03"], Ids(seen));
    }

    [Fact]
    public async Task Hostile_texts_are_only_texts()
    {
        const string Hostile = "x'; DROP TABLE anomalies; --";
        await Anomalies.AppendAsync([Samples.Anomaly(Hostile, Samples.Longsight() with { Depot = Hostile }, Samples.Start)], default);

        Assert.Single(await FindAsync(All));
        Assert.Empty(await FindAsync(All with { TrainId = "' OR 1=1 --" }));
        Assert.Equal([Hostile], Ids(await Anomalies.FindAsync(new Scope(System.Collections.Frozen.FrozenSet.Create(Hostile), null, null), All, default)));
    }

    private Task<IReadOnlyList<Anomaly>> FindAsync(AnomalyQuery query) => Anomalies.FindAsync(Scope.WholeFleet, query, default);

    private static List<string> Ids(IEnumerable<Anomaly> anomalies) => anomalies.Select(anomaly => anomaly.Id).ToList();
}
