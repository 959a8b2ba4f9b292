namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>A random cut forest: says how surprising a point is, and why, given a fading sample of the points before. Not safe for use by two threads at once.</summary>
public sealed partial class Forest
{
    private readonly PointStore _points;
    private readonly DecayedSample[] _samples;
    private readonly CutTree[] _trees;
    private readonly Xoshiro[] _random;
    private readonly float[] _query;

    /// <exception cref="ArgumentException">The options cannot be used; says which and why.</exception>
    public Forest(ForestOptions options)
    {
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        Options = options;
        _points = new PointStore(options.Dimensions);
        _query = new float[options.Dimensions];
        _samples = new DecayedSample[options.Trees];
        _trees = new CutTree[options.Trees];
        _random = new Xoshiro[options.Trees];
        var seeds = new Xoshiro(options.Seed);
        for (var tree = 0; tree < options.Trees; tree++)
        {
            _samples[tree] = new DecayedSample(options.SampleSize, options.TimeDecay, options.InitialAcceptFraction);
            _trees[tree] = new CutTree(_points, options.Dimensions, options.SampleSize);
            _random[tree] = new Xoshiro(seeds.NextBits());
        }
    }

    /// <summary>What shapes this forest.</summary>
    public ForestOptions Options { get; }

    /// <summary>Points learnt so far.</summary>
    public long Updates { get; private set; }

    /// <summary>True once there is enough in the forest to score by.</summary>
    public bool IsReady => Updates > 0 && Updates >= Options.FirstScoreAfter;

    /// <summary>Different points held over all trees.</summary>
    public int HeldPoints => _points.Held;

    /// <summary>How surprising the point is: 0 (nothing learnt yet) up to log2(sample size + 1). Changes nothing; score before <see cref="Update"/>.</summary>
    /// <exception cref="ArgumentException">A coordinate is no finite 32-bit number; names the dimension.</exception>
    public double Score(ReadOnlySpan<double> point)
    {
        Take(point);
        if (!IsReady)
        {
            return 0;
        }

        double sum = 0;
        foreach (var tree in _trees)
        {
            sum += tree.Score(_query);
        }

        return sum / _trees.Length;
    }

    /// <summary>The point's score, split over dimensions and directions.</summary>
    /// <exception cref="ArgumentException">A coordinate is no finite 32-bit number; names the dimension.</exception>
    public Attribution Attribute(ReadOnlySpan<double> point)
    {
        Take(point);
        var attribution = new Attribution(new double[_query.Length], new double[_query.Length]);
        if (IsReady)
        {
            foreach (var tree in _trees)
            {
                tree.Attribute(_query, 1.0 / _trees.Length, attribution);
            }
        }

        return attribution;
    }

    /// <summary>The point with its unknown coordinates filled in as the known ones let expect: the median over trees of the best fitting held point. NaN before anything is learnt.</summary>
    /// <param name="unknown">By dimension; the point's own value there is not looked at, but must be finite.</param>
    public double[] Impute(ReadOnlySpan<double> point, ReadOnlySpan<bool> unknown)
    {
        Take(point);
        if (unknown.Length != _query.Length)
        {
            throw new ArgumentException($"{unknown.Length} flags were given for {_query.Length} dimensions.", nameof(unknown));
        }

        var nearest = new List<int>(_trees.Length);
        foreach (var tree in _trees)
        {
            if (tree.Nearest(_query, unknown) is var held and >= 0)
            {
                nearest.Add(held);
            }
        }

        var filled = point.ToArray();
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = unknown[i] ? Median(nearest, i) : filled[i];
        }

        return filled;
    }

    /// <summary>Learns the point.</summary>
    /// <exception cref="ArgumentException">A coordinate is no finite 32-bit number; names the dimension. Nothing is learnt then.</exception>
    public void Update(ReadOnlySpan<double> point)
    {
        Take(point);
        var added = _points.Add(_query);
        for (var tree = 0; tree < _trees.Length; tree++)
        {
            if (!_samples[tree].Accepts(Updates, _random[tree], out var key, out var replaces))
            {
                continue;
            }

            if (replaces)
            {
                var removed = _samples[tree].RemoveTop();
                _trees[tree].Delete(removed);
                _points.Release(removed);
            }

            var held = _trees[tree].Insert(added, _random[tree]);
            _points.Retain(held);
            _samples[tree].Add(key, held);
        }

        _points.FreeIfUnheld(added);
        Updates++;
    }

    private void Take(ReadOnlySpan<double> point)
    {
        if (point.Length != _query.Length)
        {
            throw new ArgumentException($"The point has {point.Length} dimensions; this forest has {_query.Length}.", nameof(point));
        }

        for (var i = 0; i < point.Length; i++)
        {
            // Adding 0 turns −0 into 0, so that the two are one point.
            _query[i] = (float)point[i] + 0f;
            if (!float.IsFinite(_query[i]))
            {
                throw new ArgumentException($"Dimension {i} is {point[i]}: only finite numbers within ±3.4e38 can be placed.", nameof(point));
            }
        }
    }

    private double Median(List<int> points, int dimension)
    {
        if (points.Count == 0)
        {
            return double.NaN;
        }

        var values = new float[points.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _points[points[i]][dimension];
        }

        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : ((double)values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }
}
