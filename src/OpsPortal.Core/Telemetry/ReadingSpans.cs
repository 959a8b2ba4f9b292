namespace OpsPortal.Core.Telemetry;

/// <summary>Why a span of readings is not like the rest.</summary>
public enum SpanKind
{
    /// <summary>The train could not be reached: what it measured arrived late.</summary>
    ArrivedLate = 0,

    /// <summary>Nothing was kept.</summary>
    NoData = 1,
}

/// <summary>A span of a train's time, from inclusive, to exclusive.</summary>
public readonly record struct ReadingSpan(DateTimeOffset From, DateTimeOffset To, SpanKind Kind);

/// <summary>Reads from the points themselves when a train could not be reached and when there is nothing. The one place that decides it, for scripts and pages.</summary>
public static class ReadingSpans
{
    /// <summary>Spans within [from, to), oldest first, never overlapping.</summary>
    /// <param name="points">Points of one sensor, oldest first.</param>
    /// <param name="resolution">What the points were merged to.</param>
    /// <param name="quiet">A gap shorter than this says nothing.</param>
    public static IReadOnlyList<ReadingSpan> Of(IReadOnlyList<ReadingPoint> points, DateTimeOffset from, DateTimeOffset to, TimeSpan resolution, TimeSpan quiet)
    {
        var spans = new List<ReadingSpan>();
        var reached = from;
        foreach (var point in points)
        {
            AddGap(spans, reached, point.At, quiet);
            var end = End(point, resolution);
            if (point.Late)
            {
                AddLate(spans, point.At, end, quiet);
            }

            reached = end;
        }

        AddGap(spans, reached, to, quiet);
        return spans;
    }

    // A first point may begin inside its bucket; every bucket ends at a multiple of the resolution.
    private static DateTimeOffset End(ReadingPoint point, TimeSpan resolution) =>
        new((point.At.UtcTicks / resolution.Ticks * resolution.Ticks) + resolution.Ticks, TimeSpan.Zero);

    private static void AddGap(List<ReadingSpan> spans, DateTimeOffset from, DateTimeOffset to, TimeSpan quiet)
    {
        if (to - from >= quiet && to > from)
        {
            spans.Add(new ReadingSpan(from, to, SpanKind.NoData));
        }
    }

    // One late span goes on over a gap that says nothing.
    private static void AddLate(List<ReadingSpan> spans, DateTimeOffset from, DateTimeOffset to, TimeSpan quiet)
    {
        if (spans is [.., { Kind: SpanKind.ArrivedLate } last] && from - last.To < quiet)
        {
            spans[^1] = last with { To = to };
        }
        else
        {
            spans.Add(new ReadingSpan(from, to, SpanKind.ArrivedLate));
        }
    }
}
