using System.Text;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Telemetry;

public sealed class TelemetryParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 21, 0, 0, TimeSpan.Zero);

    private const string Good = """
        { "trainId": "390-042", "sequence": 88123, "measuredAt": "2026-11-21T20:58:01.000Z",
          "position": { "latitude": 53.4774, "longitude": -2.2309, "speedKmh": 143.5, "headingDeg": 12, "line": "WCML", "km": 301.2 },
          "readings": { "axleBoxTemperature.car3.axle2.right": 61.2, "bogieVibration.car3.bogie1": 0.41 } }
        """;

    [Fact]
    public void A_message_in_the_shape_of_the_design_is_read_whole()
    {
        var message = Parse(Good).Message!;

        Assert.Equal(("390-042", 88123L, new DateTimeOffset(2026, 11, 21, 20, 58, 1, TimeSpan.Zero)), (message.TrainId, message.Sequence, message.MeasuredAt));
        Assert.Equal(new TrainPosition(53.4774, -2.2309, 143.5, 12, "WCML", 301.2, message.MeasuredAt), message.Position);
        Assert.Equal(61.2, message.Readings["axleBoxTemperature.car3.axle2.right"]);
        Assert.Equal(2, message.Readings.Count);
    }

    [Theory]
    [Trait("Fault", "BAD-1")]
    [Trait("Fault", "BAD-5")]
    [Trait("Fault", "BAD-7")]
    [InlineData("", SetAsideReasons.MalformedJson)]
    [InlineData("{\"trainId\":\"390-0", SetAsideReasons.MalformedJson)]
    [InlineData("[1,2]", SetAsideReasons.NotAnObject)]
    [InlineData("null", SetAsideReasons.NotAnObject)]
    [InlineData("{}", SetAsideReasons.BadTrainId)]
    [InlineData("{\"trainId\":\"\"}", SetAsideReasons.BadTrainId)]
    [InlineData("{\"trainId\":\"../../etc\"}", SetAsideReasons.BadTrainId)]
    [InlineData("{\"trainId\":\"$aws/things\"}", SetAsideReasons.BadTrainId)]
    [InlineData("{\"trainId\":\"390-042\\n\"}", SetAsideReasons.BadTrainId)]
    [InlineData("{\"trainId\":\"\\ud800\"}", SetAsideReasons.MalformedJson)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1.5}", SetAsideReasons.BadSequence)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":\"1\"}", SetAsideReasons.BadSequence)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1}", SetAsideReasons.BadMeasuredAt)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01\"}", SetAsideReasons.BadMeasuredAt)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T24:00:01Z\"}", SetAsideReasons.BadMeasuredAt)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01+25:00\"}", SetAsideReasons.BadMeasuredAt)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"1970-01-01T00:00:00Z\"}", SetAsideReasons.BadClock)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2099-01-01T00:00:00Z\"}", SetAsideReasons.BadClock)]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"readings\":[1]}", SetAsideReasons.BadReadings)]
    public void What_cannot_be_used_is_refused_with_its_reason(string body, string reason)
    {
        var parsed = Parse(body);

        Assert.Null(parsed.Message);
        Assert.Equal(reason, parsed.Reason);
        Assert.False(string.IsNullOrWhiteSpace(parsed.Detail));
    }

    [Fact]
    [Trait("Fault", "BAD-3")]
    public void Json_nested_a_thousand_deep_is_refused_without_falling_over() =>
        Assert.Equal(SetAsideReasons.MalformedJson, Parse(string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000)).Reason);

    [Theory]
    [Trait("Fault", "BAD-9")]
    [InlineData("{ \"latitude\": 0, \"longitude\": 0 }")]
    [InlineData("{ \"latitude\": 91, \"longitude\": 0 }")]
    [InlineData("{ \"latitude\": 53, \"longitude\": 181 }")]
    [InlineData("{ \"latitude\": \"NaN\", \"longitude\": 1 }")]
    [InlineData("{ \"latitude\": 1e309, \"longitude\": 1 }")]
    [InlineData("\"somewhere\"")]
    public void A_position_that_cannot_be_is_left_out_and_the_readings_are_used(string position)
    {
        var parsed = Parse("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"readings\":{\"x\":1},\"position\":" + position + "}");

        Assert.Null(parsed.Message!.Position);
        Assert.True(parsed.BadPosition);
        Assert.Equal(1, parsed.Message.Readings["x"]);
    }

    [Theory]
    [Trait("Fault", "BAD-10")]
    [InlineData("\"speedKmh\":3000", 1)]
    [InlineData("\"speedKmh\":-1", 1)]
    [InlineData("\"speedKmh\":\"fast\"", 1)]
    [InlineData("\"speedKmh\":1e400,\"headingDeg\":720", 2)]
    [InlineData("\"speedKmh\":null,\"headingDeg\":359", 0)]
    public void A_speed_or_heading_that_no_train_has_is_left_out_and_counted_and_the_place_is_used(string part, int bad)
    {
        var parsed = Parse("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"readings\":{},\"position\":{\"latitude\":53,\"longitude\":-2," + part + "}}");

        Assert.Equal((53, bad), (parsed.Message!.Position!.Latitude, parsed.BadReadings));
        Assert.Null(parsed.Message.Position.SpeedKmh);
    }

    [Theory]
    [Trait("Fault", "BAD-6")]
    [InlineData("\"purple\"")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"\ud83d\udd25\"")]
    [InlineData("{\"critical\":true}")]
    public void A_severity_that_a_train_claims_is_nobodys_and_hides_nothing_of_the_message(string severity)
    {
        var parsed = Parse("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"readings\":{\"x\":1},\"severity\":" + severity + "}");

        Assert.Equal((1, 1), (parsed.Message!.Readings.Count, parsed.UnknownFields));
    }

    [Theory]
    [Trait("Fault", "BAD-4")]
    [InlineData("{\"trainId\":\"b\",\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"readings\":{\"x\":2,\"x\":1}}")]
    [InlineData("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"readings\":{\"x\":1,\"__proto__\":{\"y\":2},\"constructor\":{\"prototype\":1}}}")]
    public void Of_doubled_keys_the_last_holds_and_keys_that_browsers_trip_over_bring_nothing(string body)
    {
        var message = Parse(body).Message!;

        Assert.Equal("a", message.TrainId);
        Assert.Equal(("x", 1.0), (Assert.Single(message.Readings).Key, message.Readings["x"]));
    }

    [Fact]
    public void Readings_that_are_no_numbers_and_unknown_fields_are_counted_not_fatal()
    {
        var parsed = Parse("{\"trainId\":\"a\",\"sequence\":1,\"measuredAt\":\"2026-11-21T20:58:01Z\",\"__proto__\":1,\"mood\":2,\"readings\":{\"x\":\"NaN\",\"y\":1e400,\"z\":null,\"bad id\":1,\"ok\":-0.5}}");

        Assert.Equal((3, 2), (parsed.BadReadings, parsed.UnknownFields));
        Assert.Equal("ok", Assert.Single(parsed.Message!.Readings).Key);
    }

    private static ParsedTelemetry Parse(string body) => TelemetryParser.Parse(Encoding.UTF8.GetBytes(body), Now);
}
