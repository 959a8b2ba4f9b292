using System.Text.Json.Nodes;
using OpsPortal.Adapters.Simulated.Shadows;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Simulated.Shadows;

public sealed class AppliedShadowTests
{
    private static readonly DateTimeOffset TrainTime = new(2026, 11, 21, 20, 58, 1, 250, TimeSpan.Zero);

    [Theory]
    [InlineData("{}", "{}", null)]
    [InlineData("""{"alerts":{"a":{"severity":"watch"}}}""", "{}", """{"alerts":{"a":{"severity":"watch"}}}""")]
    [InlineData("""{"alerts":{"a":{"severity":"watch"}}}""", """{"alerts":{"a":{"severity":"watch"}}}""", null)]
    [InlineData("""{"acknowledgements":{"a":{"v":1}}}""", "{}", """{"acknowledgements":{"a":{"v":1}},"received":{"a":"2026-11-21T20:58:01.250Z"}}""")]
    [InlineData("{}", """{"acknowledgements":{"a":{"v":1}},"received":{"a":"x"},"alerts":{"b":{}}}""", """{"acknowledgements":{"a":null},"received":{"a":null},"alerts":{"b":null}}""")]
    [InlineData("""{"acknowledgements":{"a":{"v":2}}}""", """{"acknowledgements":{"a":{"v":1}},"received":{"a":"x"}}""", """{"acknowledgements":{"a":{"v":2}},"received":{"a":"2026-11-21T20:58:01.250Z"}}""")]
    [InlineData("""{"mode":"eco"}""", """{"mode":"full","old":1}""", """{"mode":"eco","old":null}""")]
    public void A_train_reports_what_it_took_and_what_it_forgot(string desired, string reported, string? expected)
    {
        var shadow = new DeviceShadow((JsonObject)JsonNode.Parse(desired)!, (JsonObject)JsonNode.Parse(reported)!, [], [], 1, TrainTime);

        var report = AppliedShadow.Report(shadow, TrainTime);

        Assert.True(JsonNode.DeepEquals(expected is null ? null : JsonNode.Parse(expected), report), report?.ToJsonString());
    }
}
