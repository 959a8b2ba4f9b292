namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>What shapes a forest. Two forests with equal options that see equal points score equally, bit for bit.</summary>
/// <param name="Dimensions">Numbers per point, 1–1,024.</param>
public sealed record ForestOptions(int Dimensions)
{
    /// <summary>Trees, 1–1,000. 30 to 50 are enough for a grade; more only calm the score's noise.</summary>
    public int Trees { get; init; } = 50;

    /// <summary>Points each tree holds, 2–4,096.</summary>
    public int SampleSize { get; init; } = 256;

    /// <summary>How fast old points lose their place, per update, 0–100: a point's weight falls by e in 1/decay updates. 0 keeps a uniform sample of everything.</summary>
    public double TimeDecay { get; init; } = 1.0 / 2_560;

    /// <summary>Updates before which every score is 0; null means a quarter of the sample size.</summary>
    public int? OutputAfter { get; init; }

    /// <summary>A tree takes every point until it is this full (0–1, above 0), then with falling probability, so that trees come to differ.</summary>
    public double InitialAcceptFraction { get; init; } = 0.125;

    /// <summary>The source of all chance in the forest.</summary>
    public ulong Seed { get; init; }

    internal int FirstScoreAfter => OutputAfter ?? SampleSize / 4;

    /// <summary>Why these options cannot be used, or null.</summary>
    internal string? Problem() => this switch
    {
        { Dimensions: < 1 or > 1_024 } => $"Dimensions is {Dimensions}; it must be 1 to 1,024.",
        { Trees: < 1 or > 1_000 } => $"Trees is {Trees}; it must be 1 to 1,000.",
        { SampleSize: < 2 or > 4_096 } => $"SampleSize is {SampleSize}; it must be 2 to 4,096.",
        { TimeDecay: not (>= 0 and <= 100) } => $"TimeDecay is {TimeDecay}; it must be 0 to 100.",
        { OutputAfter: < 0 } => $"OutputAfter is {OutputAfter}; it must not be negative.",
        { InitialAcceptFraction: not (> 0 and <= 1) } => $"InitialAcceptFraction is {InitialAcceptFraction}; it must be above 0, at most 1.",
        _ => null,
    };
}
