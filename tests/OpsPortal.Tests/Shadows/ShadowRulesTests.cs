using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Shadows;

public sealed class ShadowRulesTests
{
    private static readonly DateTimeOffset First = DateTimeOffset.FromUnixTimeSeconds(1_000);
    private static readonly DateTimeOffset Second = DateTimeOffset.FromUnixTimeSeconds(2_000);

    [Fact]
    public void Null_deletes_a_key_and_its_time()
    {
        var shadow = Apply(Apply(null, """{"a":1,"b":{"c":1,"d":2}}"""), """{"a":null,"b":{"c":null},"never":null}""");

        AssertJson("""{"b":{"d":2}}""", shadow.Desired);
        AssertJson("""{"desired":{"b":{"d":{"timestamp":1000}}}}""", shadow.Metadata);
    }

    [Fact]
    public void Null_inside_something_new_is_not_kept() => AssertJson("""{"a":{"c":1}}""", Apply(null, """{"a":{"b":null,"c":1}}""").Desired);

    [Fact]
    public void A_cleared_section_is_empty_and_the_other_stays()
    {
        var both = ShadowRules.Apply(Apply(null, """{"a":1}"""), 1, new ShadowChange(null, Json("""{"a":1}""")), Second);

        var shadow = ShadowRules.Apply(both, 2, new ShadowChange(null, null, ClearDesired: true), Second);

        AssertJson("{}", shadow.Desired);
        AssertJson("""{"a":1}""", shadow.Reported);
        AssertJson("""{"reported":{"a":{"timestamp":2000}}}""", shadow.Metadata);
    }

    [Fact]
    public void Only_leaves_that_were_written_get_a_new_time()
    {
        var shadow = Apply(Apply(null, """{"a":{"b":1,"c":1},"list":[1,{"x":2}]}"""), """{"a":{"b":1}}""");

        AssertJson("""{"desired":{"a":{"b":{"timestamp":2000},"c":{"timestamp":1000}},"list":[{"timestamp":1000},{"x":{"timestamp":1000}}]}}""", shadow.Metadata);
    }

    [Fact]
    public void A_value_that_becomes_a_section_loses_its_time()
    {
        var shadow = Apply(Apply(null, """{"a":1}"""), """{"a":{"b":2}}""");

        AssertJson("""{"a":{"b":2}}""", shadow.Desired);
        AssertJson("""{"desired":{"a":{"b":{"timestamp":2000}}}}""", shadow.Metadata);
    }

    [Fact]
    public void A_section_that_becomes_a_value_loses_its_keys() => AssertJson("""{"a":2}""", Apply(Apply(null, """{"a":{"b":1}}"""), """{"a":2}""").Desired);

    [Fact]
    public void A_list_is_replaced_whole() => AssertJson("""{"a":[3]}""", Apply(Apply(null, """{"a":[1,2]}"""), """{"a":[3]}""").Desired);

    [Theory]
    [InlineData("""{"a":1}""", "{}", """{"a":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", "{}")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", """{"a":{"c":2}}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":5}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":5}""", """{"a":{"b":1}}""", """{"a":5}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3]}""", """{"a":[1,2]}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,2]}""", "{}")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":1.0}""", """{"a":1}""", "{}")]
    [InlineData("""{"a":{"b":{}}}""", "{}", "{}")]
    public void The_difference_is_told_leaf_by_leaf(string desired, string reported, string delta) =>
        AssertJson(delta, ShadowRules.Delta(Json(desired), Json(reported)));

    [Theory]
    [Trait("Fault", "BAD-37")]
    [InlineData(ShadowRules.MaxDepth, true)]
    [InlineData(ShadowRules.MaxDepth + 1, false)]
    public void Eight_levels_are_taken_and_no_more(int levels, bool taken)
    {
        var json = string.Concat(Enumerable.Repeat("""{"a":""", levels)) + "1" + new string('}', levels);
        Assert.Equal(levels, ShadowRules.Depth(Json(json)));

        Assert.Equal(taken, IsTaken(new ShadowChange(Json(json), null)));
    }

    [Theory]
    [InlineData(ShadowRules.MaxBytes, true)]
    [InlineData(ShadowRules.MaxBytes + 1, false)]
    public void Eight_kilobytes_of_both_sections_are_taken_and_no_more(int bytes, bool taken)
    {
        // {"a":"…"} and {"b":"…"} take 8 bytes each besides the text; a euro sign takes 3.
        var half = new JsonObject { ["a"] = new string('\u20ac', 1_000) };
        var rest = new JsonObject { ["b"] = new string('x', bytes - 3_000 - 16) };
        Assert.Equal(bytes, ShadowRules.Size(half, rest));

        Assert.Equal(taken, IsTaken(new ShadowChange(half, rest)));
    }

    [Fact]
    public void Metadata_does_not_count_against_the_size()
    {
        var many = new JsonObject(Enumerable.Range(0, 700).Select(i => KeyValuePair.Create($"k{i:000}", (JsonNode?)1)));

        var shadow = ShadowRules.Apply(null, 0, new ShadowChange(many, null), First);

        Assert.True(shadow.Metadata.ToJsonString().Length > ShadowRules.MaxBytes);
    }

    [Fact]
    public void Pruning_makes_a_full_shadow_writable_again()
    {
        var full = Apply(null, $$"""{"a":"{{new string('x', 8_000)}}"}""");

        Assert.Throws<ShadowRefusedException>(() => Apply(full, $$"""{"b":"{{new string('x', 500)}}"}"""));
        AssertJson("""{"c":1}""", Apply(full, """{"a":null,"c":1}""").Desired);
    }

    [Fact]
    public void A_client_token_has_at_most_64_bytes()
    {
        Assert.True(IsTaken(new ShadowChange(Json("{}"), null, ClientToken: new string('x', 64))));
        Assert.False(IsTaken(new ShadowChange(Json("{}"), null, ClientToken: new string('\u20ac', 22))));
    }

    [Fact]
    public void A_change_without_state_is_refused() => Assert.False(IsTaken(new ShadowChange(null, null)));

    [Fact]
    public void The_version_counts_on_from_the_last_one_ever()
    {
        Assert.Equal(8, ShadowRules.Apply(null, 7, new ShadowChange(Json("{}"), null), First).Version);
        Assert.Equal(7, Assert.Throws<ShadowConflictException>(() => ShadowRules.Apply(null, 7, new ShadowChange(Json("{}"), null, Version: 0), First)).PresentVersion);
    }

    [Fact]
    public void What_was_given_is_not_touched()
    {
        var before = Apply(null, """{"a":{"b":1}}""");
        var (desired, metadata) = (before.Desired.ToJsonString(), before.Metadata.ToJsonString());
        var change = Json("""{"a":{"b":2,"c":{"d":[1]}}}""");

        var after = ShadowRules.Apply(before, 1, new ShadowChange(change, null), Second);
        after.Desired["a"]!["c"]!["d"]![0] = 99;

        Assert.Equal((desired, metadata), (before.Desired.ToJsonString(), before.Metadata.ToJsonString()));
        AssertJson("""{"a":{"b":2,"c":{"d":[1]}}}""", change);
    }

    private static DeviceShadow Apply(DeviceShadow? present, string desired) =>
        ShadowRules.Apply(present, present?.Version ?? 0, new ShadowChange(Json(desired), null), present is null ? First : Second);

    private static bool IsTaken(ShadowChange change)
    {
        try
        {
            ShadowRules.Apply(null, 0, change, First);
            return true;
        }
        catch (ShadowRefusedException)
        {
            return false;
        }
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    private static void AssertJson(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, was {actual.ToJsonString()}");
}
