using OpsPortal.Alerts;
using OpsPortal.Core.Alerts;

namespace OpsPortal.Tests.Alerts;

public sealed class AlertListTests
{
    private static readonly AlertFilter AllOpen = AlertFilter.Read(null, null, null);

    [Fact]
    public void The_worst_stand_first_then_the_newest()
    {
        var list = new AlertList(AllOpen);

        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("b", Severity.Watch), AlertSamples.Alert("a", Severity.Critical)]));

        Assert.Equal(["a", "b"], list.Shown.Select(alert => alert.Id));
        Assert.Equal(1, list.CountOpen(Severity.Watch));
    }

    [Fact]
    public void An_alert_that_clears_while_somebody_looks_stays_until_the_page_is_left()
    {
        var list = new AlertList(AllOpen);
        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("a")]));

        list.Take(AlertSamples.Frame(false, [AlertSamples.Alert("a", clearedAt: AlertSamples.Now, acknowledgement: new("Operator One", AlertSamples.Now, "seen"), revision: 2)]));

        Assert.Equal(AlertState.Cleared, Assert.Single(list.Shown).State);
        Assert.Equal(0, list.CountOpen(Severity.Critical));
    }

    [Fact]
    public void A_new_snapshot_takes_away_what_is_open_no_more()
    {
        var list = new AlertList(AllOpen);
        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("a"), AlertSamples.Alert("b")]));

        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("b")]));

        Assert.Equal(["b"], list.Shown.Select(alert => alert.Id));
    }

    [Fact]
    public void An_older_revision_never_replaces_a_newer_one()
    {
        var list = new AlertList(AllOpen);
        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("a", acknowledgement: new("Operator One", AlertSamples.Now, "seen"), revision: 5)]));

        list.Take(AlertSamples.Frame(false, [AlertSamples.Alert("a", revision: 4)]));

        Assert.Equal(AlertState.Acknowledged, Assert.Single(list.Shown).State);
    }

    [Fact]
    public void Only_alerts_that_match_the_filter_are_shown_and_announced()
    {
        var list = new AlertList(AlertFilter.Read(null, "warning", null));
        list.Take(AlertSamples.Frame(true, []));

        var fresh = list.Take(AlertSamples.Frame(false, [AlertSamples.Alert("a", Severity.Critical), AlertSamples.Alert("b", Severity.Warning)]));

        Assert.Equal(["b"], fresh.Select(alert => alert.Id));
        Assert.Equal(["b"], list.Shown.Select(alert => alert.Id));
    }

    [Fact]
    public void New_alerts_wait_until_they_are_asked_for_and_nothing_moves_meanwhile()
    {
        var list = new AlertList(AllOpen);
        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("b", Severity.Watch), AlertSamples.Alert("c", Severity.Watch)]));

        var fresh = list.Take(AlertSamples.Frame(false, [AlertSamples.Alert("a", Severity.Critical), AlertSamples.Alert("c", Severity.Critical, revision: 2)]));

        Assert.Equal(["a"], fresh.Select(alert => alert.Id));
        Assert.Equal((1, Severity.Critical), (list.Waiting, list.WorstWaiting));
        Assert.Equal([("b", Severity.Watch), ("c", Severity.Critical)], list.Shown.Select(alert => (alert.Id, alert.Episode.Severity)));

        list.Reveal();

        Assert.Equal(["a", "c", "b"], list.Shown.Select(alert => alert.Id));
        Assert.Equal(0, list.Waiting);
    }

    [Fact]
    public void An_alert_that_clears_before_it_was_shown_waits_no_more()
    {
        var list = new AlertList(AllOpen);
        list.Take(AlertSamples.Frame(true, [AlertSamples.Alert("b")]));
        list.Take(AlertSamples.Frame(false, [AlertSamples.Alert("a")]));

        list.Take(AlertSamples.Frame(false, [AlertSamples.Alert("a", clearedAt: AlertSamples.Now, acknowledgement: new("Operator One", AlertSamples.Now, "seen"), revision: 2)]));

        Assert.Equal(0, list.Waiting);
    }
}
