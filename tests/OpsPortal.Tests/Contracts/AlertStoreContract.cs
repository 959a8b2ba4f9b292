using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of alerts keeps to.</summary>
public abstract class AlertStoreContract
{
    private static readonly AlertQuery All = new(null, null, null, null, null, null, 1_000);

    protected abstract IAlertStore Alerts { get; }

    /// <summary>The same store as another process sees it.</summary>
    protected abstract IAlertStore OpenAgain();

    [Fact]
    public async Task An_alert_comes_back_as_it_was_kept()
    {
        var alert = Samples.Acknowledged(Samples.Alert("a", Samples.Longsight(), Samples.Start), Samples.Start.AddMinutes(1));
        var kept = await Alerts.PutAsync(alert, 0, default);

        var read = await Alerts.GetAsync(Scope.WholeFleet, "a", default);

        Assert.Equal(1, kept.Revision);
        Assert.Equal(alert.History, read!.History);
        Assert.Equal(alert.Episode.Shares, read.Episode.Shares);
        Assert.Equal(alert with { Revision = 1, History = read.History, Episode = alert.Episode with { Shares = read.Episode.Shares } }, read);
    }

    [Fact]
    public async Task A_new_alert_that_is_there_already_is_a_conflict_with_the_present_one()
    {
        await Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);

        var conflict = await Assert.ThrowsAsync<AlertConflictException>(() => Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default));

        Assert.Equal(1, conflict.Present!.Revision);
    }

    [Fact]
    public async Task Changing_what_somebody_else_changed_is_a_conflict()
    {
        var first = await Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        await Alerts.PutAsync(first with { SafetyClass = "B" }, first.Revision, default);

        var conflict = await Assert.ThrowsAsync<AlertConflictException>(() => Alerts.PutAsync(first, first.Revision, default));

        Assert.Equal((2, "B"), (conflict.Present!.Revision, conflict.Present.SafetyClass));
    }

    [Fact]
    public async Task Changing_what_was_never_kept_is_a_conflict_with_nothing()
    {
        var conflict = await Assert.ThrowsAsync<AlertConflictException>(() => Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 3, default));

        Assert.Null(conflict.Present);
        Assert.Null(await Alerts.GetAsync(Scope.WholeFleet, "a", default));
    }

    [Fact]
    public async Task Of_two_that_change_the_same_revision_exactly_one_wins()
    {
        var other = OpenAgain();
        var present = await Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        for (var round = 0; round < 25; round++)
        {
            var before = present;
            var tries = await Task.WhenAll(TryAsync(Alerts, before), TryAsync(other, before), TryAsync(Alerts, before));

            Assert.Single(tries, won => won is not null);
            present = (await Alerts.GetAsync(Scope.WholeFleet, "a", default))!;
            Assert.Equal(before.Revision + 1, present.Revision);
        }
    }

    [Theory]
    [MemberData(nameof(Samples.Dimensions), MemberType = typeof(Samples))]
    public async Task Only_what_is_inside_the_scope_is_found(string dimension)
    {
        await Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        await Alerts.PutAsync(Samples.Alert("b", Samples.Crofton(), Samples.Start), 0, default);
        var scope = Samples.OnlyLongsight(dimension);

        Assert.Equal(["a"], Ids(await Alerts.FindAsync(scope, All, default)));
        Assert.Null(await Alerts.GetAsync(scope, "b", default));
        Assert.NotNull(await Alerts.GetAsync(scope, "a", default));
        Assert.Empty(await Alerts.FindAsync(Samples.Nothing, All, default));
    }

    [Fact]
    public async Task Each_filter_narrows()
    {
        await Alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start, Severity.Watch), 0, default);
        await Alerts.PutAsync(Samples.Acknowledged(Samples.Alert("b", Samples.Longsight(), Samples.Start.AddSeconds(1), Severity.Warning), Samples.Start), 0, default);
        await Alerts.PutAsync(Samples.Alert("c", Samples.Crofton(), Samples.Start.AddSeconds(2)), 0, default);

        Assert.Equal(["c", "b", "a"], Ids(await FindAsync(All)));
        Assert.Equal(["c", "a"], Ids(await FindAsync(All with { States = new HashSet<AlertState> { AlertState.Unacknowledged } })));
        Assert.Empty(await FindAsync(All with { States = new HashSet<AlertState>() }));
        Assert.Equal(["b", "a"], Ids(await FindAsync(All with { Line = "WCML", Class = "390" })));
        Assert.Equal(["c"], Ids(await FindAsync(All with { Line = "MML" })));
        Assert.Empty(await FindAsync(All with { Line = "WCML", Class = "222" }));
        Assert.Equal(["b", "a"], Ids(await FindAsync(All with { Severities = new HashSet<Severity> { Severity.Watch, Severity.Warning } })));
        Assert.Equal(["b", "a"], Ids(await FindAsync(All with { TrainId = "390-042" })));
        Assert.Equal(["c", "b"], Ids(await FindAsync(All with { From = Samples.Start.AddSeconds(1) })));
        Assert.Equal(["a"], Ids(await FindAsync(All with { To = Samples.Start.AddSeconds(1) })));
        Assert.Equal(["c"], Ids(await FindAsync(All with { Limit = 1 })));
    }

    [Fact]
    public async Task A_cursor_stays_where_it_was_when_new_ones_come_on_top()
    {
        for (var i = 0; i < 6; i++)
        {
            await Alerts.PutAsync(Samples.Alert($"id{i}", Samples.Longsight(), Samples.Start.AddSeconds(i / 3)), 0, default);
        }

        var first = await FindAsync(All with { Limit = 2 });
        await Alerts.PutAsync(Samples.Alert("new", Samples.Longsight(), Samples.Start.AddMinutes(1)), 0, default);
        var rest = await FindAsync(All with { After = new AlertCursor(first[^1].Episode.RaisedAt, first[^1].Id) });

        Assert.Equal(["id3", "id4"], Ids(first));
        Assert.Equal(["id5", "id0", "id1", "id2"], Ids(rest));
    }

    [Fact]
    public async Task What_trains_have_not_reported_waits_in_the_order_of_the_clicks()
    {
        await Alerts.PutAsync(Samples.Acknowledged(Samples.Alert("late", Samples.Longsight(), Samples.Start), Samples.Start.AddMinutes(2)), 0, default);
        var early = await Alerts.PutAsync(Samples.Acknowledged(Samples.Alert("early", Samples.Crofton(), Samples.Start), Samples.Start.AddMinutes(1)), 0, default);
        await Alerts.PutAsync(Samples.Alert("never", Samples.Longsight(), Samples.Start), 0, default);
        Assert.Equal(["early", "late"], Ids(await Alerts.FindUndeliveredAsync(null, 10, default)));
        Assert.Equal(["early"], Ids(await Alerts.FindUndeliveredAsync(null, 1, default)));
        Assert.Equal(["late"], Ids(await Alerts.FindUndeliveredAsync(Samples.Longsight().Id, 1, default)));

        await Alerts.PutAsync(early with { Delivery = early.Delivery! with { ReportedAt = Samples.Start.AddMinutes(3) } }, early.Revision, default);

        Assert.Equal(["late"], Ids(await Alerts.FindUndeliveredAsync(null, 10, default)));
    }

    private static async Task<Alert?> TryAsync(IAlertStore store, Alert before)
    {
        try
        {
            return await store.PutAsync(before with { SafetyClass = before.SafetyClass + "." }, before.Revision, default);
        }
        catch (AlertConflictException)
        {
            return null;
        }
    }

    private Task<IReadOnlyList<Alert>> FindAsync(AlertQuery query) => Alerts.FindAsync(Scope.WholeFleet, query, default);

    private static List<string> Ids(IEnumerable<Alert> alerts) => alerts.Select(alert => alert.Id).ToList();
}
