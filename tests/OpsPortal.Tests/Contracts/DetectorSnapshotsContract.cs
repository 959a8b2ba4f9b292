using OpsPortal.Core.Detection;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every keeper of the detector's memory keeps to.</summary>
public abstract class DetectorSnapshotsContract
{
    protected abstract IDetectorSnapshots Snapshots { get; }

    [Fact]
    public async Task Before_the_first_there_is_none() => Assert.Null(await Snapshots.GetAsync(default));

    [Fact]
    public async Task Trains_that_did_not_change_stay_as_they_were()
    {
        await Snapshots.KeepAsync(new DetectorSnapshot(10, new Dictionary<string, ReadOnlyMemory<byte>> { ["a"] = new byte[] { 1 }, ["b"] = new byte[] { 2 } }), default);
        await Snapshots.KeepAsync(new DetectorSnapshot(20, new Dictionary<string, ReadOnlyMemory<byte>> { ["b"] = new byte[] { 3 }, ["c"] = Array.Empty<byte>() }), default);

        var snapshot = await Snapshots.GetAsync(default);

        Assert.Equal(20, snapshot!.SourceOffset);
        Assert.Equal(["a=1", "b=3", "c="], snapshot.Trains.Select(train => $"{train.Key}={string.Join(',', train.Value.ToArray())}").Order());
    }

    [Fact]
    public async Task A_part_of_a_larger_buffer_is_kept_as_that_part()
    {
        await Snapshots.KeepAsync(new DetectorSnapshot(1, new Dictionary<string, ReadOnlyMemory<byte>> { ["a"] = new byte[] { 1, 2, 3, 4 }.AsMemory(1, 2) }), default);

        Assert.Equal([2, 3], (await Snapshots.GetAsync(default))!.Trains["a"].ToArray());
    }

    [Fact]
    public async Task Offset_and_trains_are_always_of_the_same_moment()
    {
        var writing = Task.Run(async () =>
        {
            for (byte i = 1; i <= 100; i++)
            {
                await Snapshots.KeepAsync(new DetectorSnapshot(i, Enumerable.Range(0, 10).ToDictionary(train => $"train {train}", _ => (ReadOnlyMemory<byte>)new[] { i })), default);
            }
        });
        while (!writing.IsCompleted)
        {
            if (await Snapshots.GetAsync(default) is { } snapshot)
            {
                Assert.All(snapshot.Trains.Values, state => Assert.Equal(snapshot.SourceOffset, state.Span[0]));
            }
        }

        await writing;
    }
}
