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

        Assert.False(AlertFilter.Read(null, null, null).Shows(cleared));
        Assert.True(AlertFilter.Read("cleared", null, null).Shows(cleared));
    }
}
