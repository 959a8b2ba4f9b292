namespace OpsPortal.Tests.Detection.RandomCutForest;

/// <summary>
/// The law itself: expected score and attribution over all random cut trees of a handful of points, by enumerating every cut.
/// Written from the definition, and shares nothing with the forest.
/// </summary>
internal sealed class ExactForest(double[][] points)
{
    private readonly int _dimensions = points[0].Length;

    public (double Score, double[] High, double[] Low) Expect(double[] query)
    {
        var scale = Math.Log2(points.Length + 1);
        var parts = Visit([.. Enumerable.Range(0, points.Length)], query, 0);
        var high = parts[..(_dimensions)].Select(part => part * scale).ToArray();
        var low = parts[_dimensions..(2 * _dimensions)].Select(part => part * scale).ToArray();
        return (parts[^1] * scale, high, low);
    }

    // Parts: high by dimension, low by dimension, score. A seen point has a score, but no parts here.
    private double[] Visit(int[] held, double[] query, int depth)
    {
        var lows = Enumerable.Range(0, _dimensions).Select(d => held.Min(i => points[i][d])).ToArray();
        var highs = Enumerable.Range(0, _dimensions).Select(d => held.Max(i => points[i][d])).ToArray();
        var range = lows.Zip(highs, (low, high) => high - low).Sum();
        var above = query.Select((x, d) => Math.Max(0, x - highs[d])).ToArray();
        var below = query.Select((x, d) => Math.Max(0, lows[d] - x)).ToArray();
        var growth = above.Sum() + below.Sum();
        if (range == 0 && growth == 0)
        {
            var parts = new double[(2 * _dimensions) + 1];
            parts[^1] = (1 - (held.Length / (2.0 * points.Length))) / (depth + Math.Log2(held.Length + 1));
            return parts;
        }

        var separated = growth / (range + growth);
        var own = above.Concat(below).Append(growth).Select(part => growth == 0 ? 0 : separated / (depth + 1) * part / growth).ToArray();
        if (range == 0)
        {
            return own;
        }

        for (var d = 0; d < _dimensions; d++)
        {
            var places = held.Select(i => points[i][d]).Append(query[d]).Where(x => x >= lows[d] && x <= highs[d]).Distinct().Order().ToArray();
            for (var gap = 0; gap + 1 < places.Length; gap++)
            {
                var cut = (places[gap] + places[gap + 1]) / 2;
                var side = query[d] <= cut ? held.Where(i => points[i][d] <= cut) : held.Where(i => points[i][d] > cut);
                var probability = (1 - separated) * (places[gap + 1] - places[gap]) / range;
                var inner = Visit([.. side], query, depth + 1);
                for (var part = 0; part < own.Length; part++)
                {
                    own[part] += probability * inner[part];
                }
            }
        }

        return own;
    }
}
