using System.Text.Json.Nodes;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Shadows;

public sealed class OperationsShadowTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Fault", "BAD-34")]
    [Trait("Fault", "SEC-34")]
    public void A_standing_acknowledged_alert_is_told_with_who_and_when_but_not_why()
    {
        var desired = OperationsShadow.Desired([Acknowledged("al-1")]);

        Assert.Equal("""{"by":"Operator One","at":"2026-11-21T20:01:00.000Z","v":1}""", desired["acknowledgements"]!["al-1"]!.ToJsonString());
        Assert.Equal("critical", (string?)desired["alerts"]!["al-1"]!["severity"]);
        Assert.DoesNotContain("secret note", desired.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cleared_alert_that_the_train_has_confirmed_is_pruned()
    {
        var told = OperationsShadow.Desired([Acknowledged("al-1")]);
        var wanted = OperationsShadow.Desired([]);

        var change = OperationsShadow.Difference(told, wanted);

        Assert.Equal("""{"acknowledgements":{"al-1":null},"alerts":{"al-1":null}}""", change!.ToJsonString());
    }

    [Fact]
    public void Nothing_is_written_when_the_train_is_told_already() =>
        Assert.Null(OperationsShadow.Difference(OperationsShadow.Desired([Acknowledged("al-1")]), OperationsShadow.Desired([Acknowledged("al-1")])));

    [Fact]
    [Trait("Fault", "SEC-34")]
    public void Only_the_same_words_reported_by_the_train_count_as_reported()
    {
        var desired = OperationsShadow.Desired([Acknowledged("al-1")]);
        var reported = (JsonObject)desired.DeepClone();
        reported["received"] = new JsonObject { ["al-1"] = "2026-11-21T20:01:07.000Z" };
        var other = (JsonObject)reported.DeepClone();
        other["acknowledgements"]!["al-1"]!["by"] = "Operator Two";

        Assert.Equal((true, At.AddSeconds(67)), OperationsShadow.Reported(Shadow(desired, reported), "al-1"));
        Assert.Equal((false, null), OperationsShadow.Reported(Shadow(desired, other), "al-1"));
        Assert.Equal((false, null), OperationsShadow.Reported(Shadow(desired, []), "al-1"));
    }

    [Theory]
    [Trait("Fault", "BAD-38")]
    [InlineData("{}")]
    [InlineData("""{"acknowledgements":null,"received":null}""")]
    [InlineData("""{"acknowledgements":5,"received":"now"}""")]
    [InlineData("""{"acknowledgements":["a1"],"received":[1]}""")]
    [InlineData("""{"acknowledgements":{"a1":null},"received":{"a1":{}}}""")]
    [InlineData("""{"acknowledgements":{"a1":"yes"},"received":{"a1":"2026-99-99"}}""")]
    [InlineData("""{"acknowledgements":{"a1":{"by":"Operator One","at":"2026-11-21T20:00:05.000Z","v":2}}}""")]
    [InlineData("""{"acknowledgements":{"A1":{"by":"Operator One","at":"2026-11-21T20:00:05.000Z","v":1}}}""")]
    [InlineData("""{"received":{"a1":"2026-11-21T20:00:06.000Z"}}""")]
    public void Whatever_a_train_reports_that_is_not_what_is_desired_is_no_confirmation(string reported)
    {
        var desired = OperationsShadow.Desired([Acknowledged("a1")]);
        var shadow = Shadow(desired, (JsonObject)JsonNode.Parse(reported)!);

        Assert.Equal((false, null), OperationsShadow.Reported(shadow, "a1"));
        Assert.True(OperationsShadow.IsDesired(shadow, "a1"));
    }

    [Theory]
    [Trait("Fault", "BAD-38")]
    [InlineData("17", false)]
    [InlineData("\"soon\"", false)]
    [InlineData("\"2026-11-21T20:00:06.000Z\"", true)]
    public void A_confirmation_holds_without_a_time_and_with_one_that_is_none(string time, bool isTime)
    {
        var desired = OperationsShadow.Desired([Acknowledged("a1")]);
        var reported = (JsonObject)desired.DeepClone();
        reported["received"] = JsonNode.Parse($"{{\"a1\":{time}}}");

        var (isReported, trainTime) = OperationsShadow.Reported(Shadow(desired, reported), "a1");

        Assert.Equal((true, isTime), (isReported, trainTime is not null));
    }

    [Theory]
    [Trait("Fault", "BAD-38")]
    [InlineData("""{"acknowledgements":7,"alerts":"all"}""")]
    [InlineData("""{"acknowledgements":[],"alerts":[[]]}""")]
    public void Sections_that_somebody_else_spoilt_are_written_anew(string present) =>
        Assert.NotNull(OperationsShadow.Difference((JsonObject)JsonNode.Parse(present)!, OperationsShadow.Desired([Acknowledged("a1")])));

    [Fact]
    public void However_many_alerts_stand_the_document_stays_under_eight_kilobytes()
    {
        var alerts = Enumerable.Range(0, 500).Select(i => Acknowledged($"al-{i:x32}", new string('x', 300))).ToList();

        var desired = OperationsShadow.Desired(alerts);

        // Reported mirrors desired, and the train adds a time per acknowledgement.
        var received = OperationsShadow.MaxEntries * 70;
        Assert.True((desired.ToJsonString().Length * 2) + received < 8 * 1024, $"{desired.ToJsonString().Length}");
    }

    private static DeviceShadow Shadow(JsonObject desired, JsonObject reported) => new(desired, reported, [], [], 1, At);

    private static Alert Acknowledged(string id, string by = "Operator One") =>
        new(id, new TrainIdentity("390-042", "Longsight", "WCML", "390"), "axleBox", "A",
            new AlertEpisode(1, At, At, null, 1, Severity.Critical, 1, 3, [], "hot", false, At),
            new Acknowledgement(by, At.AddMinutes(1), "secret note"), new Delivery(At.AddMinutes(1), null, null, null, null, null, 0, null), [], 1);
}
