using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedReadingStoreTests : ReadingStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly ManualTime _time = new(Samples.Start);
    private readonly EmbeddedReadingRetention _retention;

    public EmbeddedReadingStoreTests()
    {
        _folder.Options.MaxBytes = 1 << 20;
        var files = _folder.Open(_time);
        Readings = new EmbeddedReadingStore(files);
        _retention = new EmbeddedReadingRetention(files, _folder.AsOptions(), _time, NullLogger<EmbeddedReadingRetention>.Instance);
    }

    protected override IReadingStore Readings { get; }

    public void Dispose()
    {
        _retention.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Readings_older_than_the_limit_go_and_the_others_stay()
    {
        await Readings.KeepAsync([.. Enumerable.Range(0, 2_500).Select(i => Window(i, i, new(i, i, i, 1)))], default);
        _time.Advance(_folder.Options.KeepReadings + TimeSpan.FromSeconds(10 * 2_400));

        await _retention.ClearAsync(default);

        var retention = await _retention.GetAsync(default);
        Assert.Equal(Samples.Start.AddSeconds(10 * 2_400), retention.Oldest);
        Assert.Equal((TimeSpan.FromDays(7), 1L << 20), (retention.KeptFor, retention.MaxBytes));
    }

    [Fact]
    public async Task Above_the_byte_limit_the_oldest_go_first()
    {
        for (var first = 0; first < 20_000; first += 5_000)
        {
            await Readings.KeepAsync([.. Enumerable.Range(first, 5_000).Select(i => Window(i, i, new(i, i, i, 1)))], default);
        }

        Assert.True((await _retention.GetAsync(default)).UsedBytes > 1 << 20);

        await _retention.ClearAsync(default);

        var retention = await _retention.GetAsync(default);
        Assert.InRange(retention.UsedBytes, 500_000, 1 << 20);
        var newest = await Readings.FindAsync(Core.Access.Scope.WholeFleet, "390-042", Pressure, retention.Oldest!.Value, Samples.Start.AddDays(3), Ten, default);
        Assert.Equal(19_999, newest[^1].Mean);
        Assert.Equal((newest[^1].At - newest[0].At) / Ten, newest.Count - 1);
    }
}
