using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every shadow service keeps to. The rules in detail: <see cref="Shadows.ShadowRulesTests"/>.</summary>
public abstract class ShadowsContract
{
    private const string Train = "390-042";
    private const string Name = "operations";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected abstract IDeviceShadows Shadows { get; }

    protected abstract IShadowDeltas Deltas { get; }

    /// <summary>Whether a deletion is no version of its own and takes the name with it, as at AWS. Other services count it, and go on telling the name of what cannot be got any more.</summary>
    protected virtual bool DeletesAsAws => true;

    /// <summary>The same service as another process sees it.</summary>
    protected abstract (IDeviceShadows Shadows, IShadowDeltas Deltas) OpenAgain();

    [Fact]
    public async Task A_shadow_never_written_is_not_there()
    {
        Assert.Null(await Shadows.GetAsync(Train, Name, default));
        Assert.Empty(await Shadows.FindNamesAsync(Train, default));
    }

    [Fact]
    public async Task Desired_and_reported_are_merged_and_their_difference_told()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1,"b":{"c":2}}"""), default);
        var updated = await Shadows.UpdateAsync(Train, Name, Report("""{"a":1,"b":{"d":3}}"""), default);

        var shadow = await Shadows.GetAsync(Train, Name, default);

        Assert.Equal(2, shadow!.Version);
        AssertJson("""{"b":{"c":2}}""", shadow.Delta);
        AssertJson("""{"a":1,"b":{"d":3}}""", shadow.Reported);
        AssertJson(updated.Desired.ToJsonString(), shadow.Desired);
        Assert.NotNull(shadow.Metadata["desired"]!["b"]!["c"]!["timestamp"]);
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_changes_nothing()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}""") with { Version = 1 }, default);

        var conflict = await Assert.ThrowsAsync<ShadowConflictException>(() => Shadows.UpdateAsync(Train, Name, Desire("""{"a":3}""") with { Version = 1 }, default));

        Assert.Equal(2, conflict.PresentVersion);
        AssertJson("""{"a":2}""", (await Shadows.GetAsync(Train, Name, default))!.Desired);
    }

    [Fact]
    public async Task Of_two_that_name_the_same_version_exactly_one_wins()
    {
        var (other, _) = OpenAgain();
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":0}"""), default);
        for (var version = 1L; version <= 20; version++)
        {
            var tries = await Task.WhenAll(new[] { Shadows, other, Shadows }.Select(async shadows =>
            {
                try
                {
                    await shadows.UpdateAsync(Train, Name, Desire("""{"a":1}""") with { Version = version }, default);
                    return true;
                }
                catch (ShadowConflictException)
                {
                    return false;
                }
            }));

            Assert.Single(tries, won => won);
        }
    }

    [Fact]
    public async Task A_document_over_eight_kilobytes_is_refused_and_changes_nothing()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);

        await Assert.ThrowsAsync<ShadowRefusedException>(() => Shadows.UpdateAsync(Train, Name, Report($$"""{"b":"{{new string('x', 9_000)}}"}"""), default));

        Assert.Equal(1, (await Shadows.GetAsync(Train, Name, default))!.Version);
    }

    [Fact]
    public async Task After_a_deletion_the_version_goes_on_counting()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}"""), default);
        await Shadows.DeleteAsync(Train, Name, default);
        Assert.Null(await Shadows.GetAsync(Train, Name, default));
        Assert.True(!DeletesAsAws || (await Shadows.FindNamesAsync(Train, default)).Count == 0);

        var again = await Shadows.UpdateAsync(Train, Name, Desire("""{"b":1}"""), default);

        Assert.InRange(again.Version, 3, DeletesAsAws ? 3 : 4);
        AssertJson("""{"b":1}""", again.Desired);
    }

    [Fact]
    public async Task Names_are_told_by_train()
    {
        await Shadows.UpdateAsync(Train, "operations", Desire("{}"), default);
        await Shadows.UpdateAsync(Train, "comfort", Desire("{}"), default);
        await Shadows.UpdateAsync("222-007", "other", Desire("{}"), default);

        Assert.Equal(["comfort", "operations"], await Shadows.FindNamesAsync(Train, default));
    }

    [Theory]
    [InlineData("390 042", "operations")]
    [InlineData("390-042", "a/b")]
    [InlineData("390-042", "")]
    [InlineData("390-042", "a12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_name_that_aws_would_not_take_is_refused(string train, string name) =>
        await Assert.ThrowsAsync<ShadowRefusedException>(() => Shadows.UpdateAsync(train, name, Desire("{}"), default));

    [Fact]
    public async Task A_connected_train_hears_what_is_desired()
    {
        await using var train = Listen(Deltas);
        var hearing = HearAsync(train);
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);

        var shadow = await hearing.WaitAsync(Patience);

        Assert.Equal(1, shadow.Version);
        AssertJson("""{"a":1}""", shadow.Delta);
    }

    [Fact]
    public async Task A_train_hears_what_another_process_desires()
    {
        var (other, _) = OpenAgain();
        await using var train = Listen(Deltas);
        var hearing = HearAsync(train);
        // What a train does on connecting: it listens, then gets its shadow.
        Assert.Null(await Shadows.GetAsync(Train, Name, default));
        await other.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);

        Assert.Equal(1, (await hearing.WaitAsync(Patience)).Version);
    }

    [Fact]
    public async Task Nothing_is_heard_of_changes_while_nobody_listened()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        await using (var before = Listen(Deltas))
        {
            var heard = HearAsync(before);
            await Shadows.UpdateAsync(Train, Name, Desire("""{"a":2}"""), default);
            Assert.Equal(2, (await heard.WaitAsync(Patience)).Version);
        }

        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":3}"""), default);
        await using var after = Listen(Deltas);
        var hearing = HearAsync(after);
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":4}"""), default);

        Assert.Equal(4, (await hearing.WaitAsync(Patience)).Version);
    }

    [Fact]
    public async Task What_leaves_no_difference_is_not_heard()
    {
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);
        await using var train = Listen(Deltas);
        var hearing = HearAsync(train);
        await Shadows.UpdateAsync(Train, Name, Report("""{"a":1}"""), default);
        await Shadows.UpdateAsync("222-007", Name, Desire("""{"z":1}"""), default);
        await Shadows.UpdateAsync(Train, "comfort", Desire("""{"z":1}"""), default);
        await Shadows.UpdateAsync(Train, Name, Desire("""{"b":1}"""), default);

        var shadow = await hearing.WaitAsync(Patience);

        Assert.Equal(3, shadow.Version);
        AssertJson("""{"b":1}""", shadow.Delta);
    }

    [Fact]
    public async Task A_train_that_is_slow_misses_older_differences_but_not_the_newest()
    {
        await using var train = Listen(Deltas);
        var first = HearAsync(train);
        for (var i = 1; i <= 300; i++)
        {
            await Shadows.UpdateAsync(Train, Name, Desire($$"""{"a":{{i}}}"""), default);
        }

        var last = await first.WaitAsync(Patience);
        while (last.Version < 300)
        {
            last = await HearAsync(train).WaitAsync(Patience);
        }

        AssertJson("""{"a":300}""", last.Delta);
    }

    [Fact]
    public async Task Each_listener_gets_a_document_of_its_own()
    {
        await using var one = Listen(Deltas);
        await using var two = Listen(Deltas);
        var (first, second) = (HearAsync(one), HearAsync(two));
        await Shadows.UpdateAsync(Train, Name, Desire("""{"a":1}"""), default);

        (await first.WaitAsync(Patience)).Desired["a"] = 99;

        AssertJson("""{"a":1}""", (await second.WaitAsync(Patience)).Desired);
    }

    private static IAsyncEnumerator<DeviceShadow> Listen(IShadowDeltas deltas) => deltas.WatchAsync(Train, Name, default).GetAsyncEnumerator();

    private static async Task<DeviceShadow> HearAsync(IAsyncEnumerator<DeviceShadow> train)
    {
        Assert.True(await train.MoveNextAsync());
        return train.Current;
    }

    private static ShadowChange Desire(string json) => new(JsonNode.Parse(json)!.AsObject(), null);

    private static ShadowChange Report(string json) => new(null, JsonNode.Parse(json)!.AsObject());

    private static void AssertJson(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, was {actual.ToJsonString()}");
}
