using System.Text;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every telemetry source keeps to, whoever plays it.</summary>
public abstract class SourceContract
{
    private const string Detector = "detector";
    private const string Raw = "raw";

    protected abstract ITelemetryIntake Intake { get; }

    protected abstract ITelemetrySource Source { get; }

    /// <summary>The same source as another process sees it.</summary>
    protected abstract (ITelemetryIntake Intake, ITelemetrySource Source) OpenAgain();

    [Fact]
    public async Task Records_come_back_in_order_exactly_as_received()
    {
        await Intake.AppendAsync("gateway", [new OutgoingRecord(1, SourceRecordKind.Telemetry, new byte[] { 0xff, 0x00, 0x0a }), new OutgoingRecord(2, SourceRecordKind.Presence, "x"u8.ToArray())], default);

        var records = await TakeAsync(0, 2);

        Assert.Equal([SourceRecordKind.Telemetry, SourceRecordKind.Presence], records.Select(record => record.Kind));
        Assert.Equal([0xff, 0x00, 0x0a], records[0].Body.ToArray());
        Assert.True(records[1].Offset > records[0].Offset && records[0].Offset > 0);
    }

    [Fact]
    public async Task Sending_again_after_a_lost_confirmation_doubles_nothing()
    {
        await Intake.AppendAsync("gateway", Samples.Records(1, 10), default);
        await Intake.AppendAsync("gateway", Samples.Records(1, 10), default);
        await Intake.AppendAsync("gateway", Samples.Records(6, 10), default);

        Assert.Equal(15, (await TakeAsync(0, 15)).Select(Text).Distinct().Count());
        Assert.Equal(15, await Intake.GetLastNumberAsync("gateway", default));
        Assert.Equal(15, await Source.GetNewestOffsetAsync(default));
    }

    [Fact]
    public async Task Two_senders_have_numbers_of_their_own()
    {
        await Intake.AppendAsync("one", Samples.Records(1, 3), default);
        await Intake.AppendAsync("two", Samples.Records(1, 2), default);

        Assert.Equal((3, 2, 0), (await Intake.GetLastNumberAsync("one", default), await Intake.GetLastNumberAsync("two", default), await Intake.GetLastNumberAsync("three", default)));
        Assert.Equal(5, (await TakeAsync(0, 5)).Count);
    }

    [Fact]
    public async Task A_number_doubled_inside_one_call_is_taken_once()
    {
        await Intake.AppendAsync("gateway", [Samples.Record(1, "a"), Samples.Record(1, "b"), Samples.Record(2, "c")], default);

        Assert.Equal(["a", "c"], (await TakeAsync(0, 2)).Select(Text));
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_asked_for_and_never_empty()
    {
        await Intake.AppendAsync("gateway", Samples.Records(1, 25), default);

        var sizes = new List<int>();
        await foreach (var batch in Source.ReadBatchesAsync(0, 10, default))
        {
            sizes.Add(batch.Count);
            if (sizes.Sum() == 25)
            {
                break;
            }
        }

        Assert.Equal([10, 10, 5], sizes);
    }

    [Fact]
    public async Task A_reader_waits_and_is_woken_by_the_next_record()
    {
        var waiting = TakeAsync(0, 1);
        await Intake.AppendAsync("gateway", Samples.Records(1, 1), default);

        Assert.Single(await waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_reader_is_woken_by_another_process()
    {
        Assert.Equal(0, await Source.GetNewestOffsetAsync(default));
        var waiting = TakeAsync(0, 1);
        var (intake, _) = OpenAgain();
        await intake.AppendAsync("gateway", Samples.Records(1, 1), default);

        Assert.Single(await waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_reader_that_stops_waiting_ends_with_a_cancellation()
    {
        using var stop = new CancellationTokenSource();
        var waiting = TakeAsync(0, 1, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_committed_offset_is_kept_by_consumer_and_never_goes_backwards()
    {
        await Source.CommitAsync(Detector, 7, default);
        await Source.CommitAsync(Detector, 5, default);

        var (_, again) = OpenAgain();
        Assert.Equal((7, 0), (await again.GetCommittedAsync(Detector, default), await again.GetCommittedAsync(Raw, default)));
    }

    [Fact]
    public async Task Records_stay_until_every_consumer_has_committed_them()
    {
        await Intake.AppendAsync("gateway", Samples.Records(1, 15_000), default);
        await Source.CommitAsync(Detector, 15_000, default);
        Assert.Equal(1, (await TakeAsync(0, 1))[0].Offset);

        await Source.CommitAsync(Raw, 14_000, default);

        Assert.True((await TakeAsync(0, 1))[0].Offset is > 1 and <= 14_001);
        Assert.Equal(1_000, (await TakeAsync(14_000, 1_000)).Count);
    }

    [Fact]
    public async Task Offsets_go_on_after_everything_was_trimmed()
    {
        await Intake.AppendAsync("gateway", Samples.Records(1, 3_000), default);
        await Source.CommitAsync(Detector, 3_000, default);
        await Source.CommitAsync(Raw, 3_000, default);

        var (intake, source) = OpenAgain();
        Assert.Equal(3_000, await source.GetNewestOffsetAsync(default));
        await intake.AppendAsync("gateway", Samples.Records(3_001, 1), default);

        Assert.Equal(3_001, Assert.Single(await TakeAsync(0, 1)).Offset);
        Assert.Equal(3_001, await source.GetNewestOffsetAsync(default));
    }

    [Fact]
    public async Task Senders_and_a_reader_at_the_same_time_lose_and_double_nothing()
    {
        var (other, _) = OpenAgain();
        var reading = TakeAsync(0, 4_000);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async sender =>
        {
            for (var first = 1; first <= 1_000; first += 50)
            {
                var intake = sender % 2 == 0 ? Intake : other;
                await intake.AppendAsync($"sender {sender}", Samples.Records(first, 50), default);
            }
        }));

        var offsets = (await reading.WaitAsync(Patience)).Select(record => record.Offset).ToList();

        Assert.Equal(Enumerable.Range(1, 4_000).Select(i => (long)i), offsets);
    }

    [Fact]
    public async Task Ten_thousand_records_in_ten_batches_come_out_in_order()
    {
        for (var batch = 0; batch < 10; batch++)
        {
            await Intake.AppendAsync("gateway", Samples.Records(1 + (batch * 1_000), 1_000), default);
        }

        var taken = await TakeAsync(0, 10_000);

        Assert.Equal(10_000, taken.Count);
        Assert.Equal(taken.Select(record => record.Offset).Order(), taken.Select(record => record.Offset));
    }

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    protected static string Text(SourceRecord record) => Encoding.UTF8.GetString(record.Body.Span);

    private async Task<List<SourceRecord>> TakeAsync(long after, int count, CancellationToken cancellationToken = default)
    {
        var taken = new List<SourceRecord>();
        await foreach (var batch in Source.ReadBatchesAsync(after, 1_000, cancellationToken))
        {
            taken.AddRange(batch);
            if (taken.Count >= count)
            {
                break;
            }
        }

        return taken.Count > count ? taken[..count] : taken;
    }
}
