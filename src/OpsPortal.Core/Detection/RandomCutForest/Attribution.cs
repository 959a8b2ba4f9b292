namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>A score split over dimensions and directions. All parts together are the score.</summary>
/// <param name="High">By dimension: the part owed to lying higher than what the forest holds.</param>
/// <param name="Low">By dimension: the part owed to lying lower.</param>
public sealed record Attribution(double[] High, double[] Low)
{
    /// <summary>All parts together.</summary>
    public double Sum => High.Sum() + Low.Sum();

    internal void AddScaled(double[] high, double[] low, double total)
    {
        var sum = high.Sum() + low.Sum();
        for (var i = 0; i < High.Length; i++)
        {
            High[i] += sum > 0 ? total * high[i] / sum : total / (2 * High.Length);
            Low[i] += sum > 0 ? total * low[i] / sum : total / (2 * High.Length);
        }
    }
}
