using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Alerts;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Layout;

namespace OpsPortal.Tests.Alerts;

public sealed class DeliveryStepsTests : BunitContext
{
    public DeliveryStepsTests() => Services.AddSingleton(new OperatorZone());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 5)]
    public void Stages_reached_carry_their_time_and_the_others_say_not_yet(int stages, int done)
    {
        var steps = Show(AlertSamples.Delivery(stages), AlertSamples.Train()).FindAll(".steps li");

        Assert.Equal(["clicked", "desired", "online", "reported", "train-time"], steps.Select(step => step.GetAttribute("data-step")));
        Assert.All(steps.Take(done), step => Assert.EndsWith("UTC", step.QuerySelector("time")!.TextContent, StringComparison.Ordinal));
        Assert.All(steps.Skip(done), step => Assert.Equal("not yet", step.QuerySelector(".not-yet")!.TextContent));
    }

    [Fact]
    public void Desired_names_the_version_of_the_shadow()
    {
        Assert.Equal("desired v7", Show(AlertSamples.Delivery(2), AlertSamples.Train()).FindAll(".label")[1].TextContent);
    }

    [Fact]
    public void An_offline_train_is_what_is_waited_for_with_since_when()
    {
        var shown = Show(AlertSamples.Delivery(2), AlertSamples.Train(Connectivity.Offline, AlertSamples.Now.AddMinutes(-1)));

        Assert.Equal("waiting: train offline since 20:57:01 UTC, in a tunnel or out of reach", shown.Find(".waiting").TextContent);
        Assert.Empty(shown.FindAll(".confirmed"));
    }

    [Fact]
    public void A_train_of_which_nothing_is_known_is_not_said_to_be_online()
    {
        Assert.Equal("waiting: whether the train is online is unknown", Show(AlertSamples.Delivery(2), null).Find(".waiting").TextContent);
    }

    [Fact]
    public void A_problem_on_the_way_is_said_in_its_own_words()
    {
        Assert.Equal("The shadow service refused it: too large.", Show(AlertSamples.Delivery(1, "The shadow service refused it: too large."), AlertSamples.Train()).Find(".waiting").TextContent);
        Assert.Contains("try 3", Show(AlertSamples.Delivery(1, attempts: 3), AlertSamples.Train()).Find(".waiting").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_trains_own_word_confirms()
    {
        Assert.Empty(Show(AlertSamples.Delivery(3), AlertSamples.Train()).FindAll(".confirmed"));
        Assert.Single(Show(AlertSamples.Delivery(4), AlertSamples.Train()).FindAll(".confirmed"));
    }

    private IRenderedComponent<DeliverySteps> Show(Delivery delivery, TrainView? train) =>
        Render<DeliverySteps>(parameters => parameters.Add(p => p.Delivery, delivery).Add(p => p.Train, train).Add(p => p.Now, AlertSamples.Now));
}
