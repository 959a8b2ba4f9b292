using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every keeper of set-aside messages keeps to.</summary>
public abstract class DeadLettersContract
{
    protected abstract IDeadLetters Letters { get; }

    [Fact]
    public async Task Letters_come_back_newest_first_with_their_bytes()
    {
        await Letters.AppendAsync([Letter(3), Letter(5), Letter(4)], default);

        var found = await Letters.FindAsync(2, default);

        Assert.Equal([5, 4], found.Select(letter => letter.Offset));
        Assert.Equal([0xff, 5], found[0].Body.ToArray());
        Assert.Equal(Letter(5) with { Body = default }, found[0] with { Body = default });
    }

    [Fact]
    public async Task A_letter_kept_again_is_counted_once()
    {
        await Letters.AppendAsync([Letter(1), Letter(2, "badTrainId"), Letter(1)], default);
        await Letters.AppendAsync([Letter(2, "badTrainId"), Letter(3)], default);

        Assert.Equal(new Dictionary<string, long> { ["malformedJson"] = 2, ["badTrainId"] = 1 }, await Letters.CountByReasonAsync(default));
        Assert.Equal(3, (await Letters.FindAsync(10, default)).Count);
    }

    [Fact]
    public async Task Nothing_set_aside_is_an_empty_count() => Assert.Empty(await Letters.CountByReasonAsync(default));

    private static DeadLetter Letter(long offset, string reason = "malformedJson") => new(offset, Samples.Start, reason, "not JSON at byte 0", new byte[] { 0xff, (byte)offset });
}
