using System.Globalization;

namespace OpsPortal.Benchmarks;

/// <summary>What is told of many values: count, middle, and how bad the worst are.</summary>
internal sealed record Percentiles(int Count, double P50, double P95, double P99)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        double At(double part) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
        return new(sorted.Count, At(0.5), At(0.95), At(0.99));
    }

    /// <summary>Of several runs, the middle one by its p95: one disturbed run says nothing.</summary>
    public static Percentiles Median(IEnumerable<Percentiles> runs)
    {
        var sorted = runs.OrderBy(run => run.P95).ToList();
        return sorted[sorted.Count / 2];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {P50:0} p95 {P95:0} p99 {P99:0} ms ({Count} values)");
}
