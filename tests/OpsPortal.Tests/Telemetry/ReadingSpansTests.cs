using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Telemetry;

public sealed class ReadingSpansTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_train_that_was_always_reached_has_no_spans() =>
        Assert.Empty(Spans("......", 60));

    [Fact]
    public void What_arrived_late_is_one_span_from_first_to_last() =>
        Assert.Equal([Span(20, 50, SpanKind.ArrivedLate)], Spans("..LLL.", 60));

    [Fact]
    public void Where_nothing_was_kept_there_is_no_data() =>
        Assert.Equal([Span(20, 40, SpanKind.NoData)], Spans("..--..", 60));

    [Fact]
    public void Before_the_first_and_after_the_last_point_there_is_no_data() =>
        Assert.Equal([Span(0, 20, SpanKind.NoData), Span(40, 90, SpanKind.NoData)], Spans("--..", 90));

    [Fact]
    public void A_range_without_points_has_no_data() =>
        Assert.Equal([Span(0, 60, SpanKind.NoData)], Spans("", 60));

    [Fact]
    public void Late_spans_and_gaps_stand_side_by_side() =>
        Assert.Equal([Span(10, 20, SpanKind.ArrivedLate), Span(20, 30, SpanKind.NoData), Span(30, 40, SpanKind.ArrivedLate)], Spans(".L-L..", 60));

    [Fact]
    public void A_gap_shorter_than_the_trains_own_rhythm_says_nothing_and_does_not_cut_a_late_span() =>
        Assert.Equal([Span(10, 40, SpanKind.ArrivedLate)], Spans(".L-L..", 60, quiet: 30));

    [Fact]
    public void A_first_point_cut_by_the_range_ends_with_its_bucket()
    {
        var points = new[] { Point(Start.AddSeconds(4), late: true), Point(Start.AddSeconds(10), late: false) };

        Assert.Equal([new ReadingSpan(Start.AddSeconds(4), Start.AddSeconds(10), SpanKind.ArrivedLate)], ReadingSpans.Of(points, Start.AddSeconds(4), Start.AddSeconds(20), Ten, Ten));
    }

    [Fact]
    public void An_end_before_the_last_point_is_no_gap() =>
        Assert.Empty(Spans("......", 30));

    // One letter per 10 s: . in time, L late, - nothing.
    private static IReadOnlyList<ReadingSpan> Spans(string windows, int seconds, int quiet = 10) =>
        ReadingSpans.Of(
            [.. windows.Select((kind, i) => (kind, i)).Where(window => window.kind != '-').Select(window => Point(Start.AddSeconds(10 * window.i), window.kind == 'L'))],
            Start, Start.AddSeconds(seconds), Ten, TimeSpan.FromSeconds(quiet));

    private static ReadingPoint Point(DateTimeOffset at, bool late) => new(at, 1, 1, 1, late);

    private static ReadingSpan Span(int from, int to, SpanKind kind) => new(Start.AddSeconds(from), Start.AddSeconds(to), kind);
}
