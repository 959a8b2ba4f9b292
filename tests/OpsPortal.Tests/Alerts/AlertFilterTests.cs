using OpsPortal.Alerts;
using OpsPortal.Core.Alerts;

namespace OpsPortal.Tests.Alerts;

public sealed class AlertFilterTests
{
    [Fact]
    public void The_filter_stands_in_the_address_and_is_read_back_from_it()
    {
        var filter = new AlertFilter(AlertState.ReturnedUnacknowledged, Severity.Watch, "a&b c", null);

        Assert.Equal("/alerts?state=returnedUnacknowledged&severity=watch&train=a%26b%20c", filter.Address);
        Assert.Equal(filter, AlertFilter.Read("returnedUnacknowledged", "watch", "a&b c"));
    }

    [Fact]
    public void No_filter_is_a_bare_address()
    {
        Assert.Equal("/alerts", AlertFilter.Read(null, "", " ").Address);
    }

    [Theory]
    [InlineData("Cleared", null)]
    [InlineData("shelved", null)]
    [InlineData(null, "3")]
    public void What_is_not_understood_is_said_and_not_guessed(string? state, string? severity)
    {
        var filter = AlertFilter.Read(state, severity, null);

        Assert.NotNull(filter.Problem);
        Assert.Null(filter.State);
        Assert.Null(filter.Severity);
    }

    [Fact]
    public void Cleared_alerts_are_shown_only_when_asked_for()
    {
        var cleared = AlertSamples.Alert(clearedAt: AlertSamples.Now, acknowledgement: new("Operator One", AlertSamples.Now, "seen"));

        Assert.False(AlertFilter.Read(null, null, null).Shows(cleared, AlertSamples.Now, "390 042"));
        Assert.True(AlertFilter.Read("cleared", null, null).Shows(cleared, AlertSamples.Now, "390 042"));
    }

    [Fact]
    public void What_a_report_counts_is_what_the_page_behind_it_shows()
    {
        var at = AlertSamples.Alert().Episode.RaisedAt;
        var filter = AlertFilter.Read("any", null, null, line: "WCML", trainClass: "390", from: AlertFilter.Time(at), to: AlertFilter.Time(at.AddSeconds(1)));
        var cleared = AlertSamples.Alert(clearedAt: AlertSamples.Now, acknowledgement: new("Operator One", AlertSamples.Now, "seen"));

        Assert.Equal(filter, AlertFilter.Read("any", null, null, line: "WCML", trainClass: "390", from: AlertFilter.Time(filter.RaisedFrom), to: AlertFilter.Time(filter.RaisedTo)));
        Assert.StartsWith("/alerts?state=any&line=WCML&class=390&from=", filter.Address, StringComparison.Ordinal);
        Assert.True(filter.AsksPast);
        Assert.True(filter.Shows(cleared, AlertSamples.Now, "390 042"));
        Assert.False((filter with { Line = "MML" }).Shows(cleared, AlertSamples.Now, "390 042"));
        Assert.False((filter with { Class = "222" }).Shows(cleared, AlertSamples.Now, "390 042"));
        // From is inclusive, to is not.
        Assert.False((filter with { RaisedTo = at }).Shows(cleared, AlertSamples.Now, "390 042"));
        Assert.False((filter with { RaisedFrom = at.AddTicks(1) }).Shows(cleared, AlertSamples.Now, "390 042"));
        Assert.False(AlertFilter.Read("notAcknowledged", null, null).Shows(cleared, AlertSamples.Now, "390 042"));
        Assert.True(AlertFilter.Read("notAcknowledged", null, null).Shows(AlertSamples.Alert(), AlertSamples.Now, "390 042"));
        Assert.Contains("times with a zone", AlertFilter.Read(null, null, null, from: "yesterday").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_subsystem_and_time_stand_in_the_address_too()
    {
        var filter = AlertFilter.Read(null, null, null, " axle box 3-2 ", "axleBox", "15m");

        Assert.Equal("/alerts?q=axle%20box%203-2&subsystem=axleBox&since=15m", filter.Address);
        Assert.False(filter.IsEverything);
        Assert.Contains("2 weeks", AlertFilter.Read(null, null, null, since: "2 weeks").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AXLE BOX 3-2", null, null, true)]
    [InlineData("390 042", null, null, true)]
    [InlineData("door", null, null, false)]
    [InlineData(null, "doors", null, false)]
    [InlineData(null, "axleBox", "15m", true)]
    public void Words_are_looked_for_in_all_that_is_shown(string? text, string? subsystem, string? since, bool isShown)
    {
        Assert.Equal(isShown, AlertFilter.Read(null, null, null, text, subsystem, since).Shows(AlertSamples.Alert(), AlertSamples.Now, "390 042"));
    }

    [Fact]
    public void What_was_raised_before_the_span_is_left_out()
    {
        var filter = AlertFilter.Read(null, null, null, since: "1h");

        Assert.True(filter.Shows(AlertSamples.Alert(), AlertSamples.Now, ""));
        Assert.False(filter.Shows(AlertSamples.Alert(), AlertSamples.Now.AddHours(2), ""));
    }
}
