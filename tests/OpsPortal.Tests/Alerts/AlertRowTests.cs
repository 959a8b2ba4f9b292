using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Alerts;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Layout;

namespace OpsPortal.Tests.Alerts;

public sealed class AlertRowTests : BunitContext
{
    public AlertRowTests() => Services.AddSingleton(new OperatorZone());

    [Fact]
    public void Severity_state_and_connectivity_are_said_in_words_beside_their_shapes()
    {
        var row = Show(AlertSamples.Alert(), mayAcknowledge: true, Connectivity.Offline);

        Assert.Equal("critical", row.Find(".severity").TextContent);
        Assert.Equal("not acknowledged", row.Find(".state-word").TextContent);
        Assert.Contains("offline", row.Find(".connectivity").TextContent, StringComparison.Ordinal);
        Assert.Equal("critical", row.Find(".what > .mark").GetAttribute("data-kind"));
    }

    [Fact]
    public void Times_name_their_zone()
    {
        var row = Show(AlertSamples.Alert(), mayAcknowledge: true);

        Assert.Equal(["20:56:01 UTC", "20:57:57 UTC"], row.FindAll(".figures-of time").Select(time => time.TextContent));
    }

    [Fact]
    public void Hostile_explanations_and_notes_are_shown_as_text()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        var row = Show(AlertSamples.Alert(explanation: Hostile, acknowledgement: new(Hostile, AlertSamples.Now, Hostile)), mayAcknowledge: true);

        Assert.Empty(row.FindAll("img"));
        Assert.Equal(Hostile, row.Find(".why").TextContent);
        Assert.Contains(Hostile, row.Find(".state").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_acknowledge_sees_no_control_for_it()
    {
        var row = Show(AlertSamples.Alert(), mayAcknowledge: false);

        Assert.Empty(row.FindAll("button, input"));
    }

    [Fact]
    public void An_acknowledged_alert_cannot_be_acknowledged_again_and_names_who_did()
    {
        var row = Show(AlertSamples.Alert(acknowledgement: new("Operator One", AlertSamples.Now, "Driver told"), delivery: AlertSamples.Delivery(1)), mayAcknowledge: true);

        Assert.Empty(row.FindAll("button, input"));
        Assert.Equal("acknowledged by Operator One: “Driver told”", row.Find(".state > p").TextContent);
    }

    [Fact]
    public void An_alert_that_went_away_unacknowledged_still_asks()
    {
        var row = Show(AlertSamples.Alert(clearedAt: AlertSamples.Now), mayAcknowledge: true);

        Assert.Equal("gone, not acknowledged", row.Find(".state-word").TextContent);
        Assert.Single(row.FindAll("button.acknowledge"));
    }

    [Fact]
    public void The_button_and_the_box_say_which_alert_they_mean()
    {
        var told = new List<string>();
        var row = Render<AlertRow>(parameters => parameters
            .Add(p => p.Alert, AlertSamples.Alert())
            .Add(p => p.Now, AlertSamples.Now)
            .Add(p => p.MayAcknowledge, true)
            .Add(p => p.Selected, alert => told.Add($"selected {alert.Id}"))
            .Add(p => p.Wanted, alert => told.Add($"wanted {alert.Id}")));

        row.Find("input").Change(true);
        row.Find("button.acknowledge").Click();

        Assert.Equal(["selected alert-1", "wanted alert-1"], told);
    }

    [Fact]
    public void Each_sensor_is_named_in_words_with_what_was_observed_and_expected()
    {
        var row = Show(AlertSamples.Alert(), mayAcknowledge: true);

        Assert.Equal(["axle box 3-2 right", "71 %", "78.2 °C, expected 61.0 (high)"], row.FindAll(".shares tbody tr")[0].Children.Select(cell => cell.TextContent));
        Assert.Equal("0.10 g RMS (low)", row.FindAll(".shares tbody tr")[1].Children[2].TextContent);
    }

    private IRenderedComponent<AlertRow> Show(Alert alert, bool mayAcknowledge, Connectivity connectivity = Connectivity.Online) =>
        Render<AlertRow>(parameters => parameters
            .Add(p => p.Alert, alert)
            .Add(p => p.Train, AlertSamples.Train(connectivity))
            .Add(p => p.Now, AlertSamples.Now)
            .Add(p => p.IsCurrent, true)
            .Add(p => p.MayAcknowledge, mayAcknowledge));
}
