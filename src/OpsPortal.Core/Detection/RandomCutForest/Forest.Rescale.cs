namespace OpsPortal.Core.Detection.RandomCutForest;

/// <content>Following a scale that moves.</content>
public sealed partial class Forest
{
    /// <summary>Makes every held point <c>factor·point + offset</c>, and cuts the trees anew, so that their law holds for the new points.</summary>
    /// <param name="factor">By dimension, above 0.</param>
    /// <param name="offset">By dimension.</param>
    public void Rescale(ReadOnlySpan<double> factor, ReadOnlySpan<double> offset)
    {
        for (var point = 0; point < _points.End; point++)
        {
            var values = _points.Writable(point);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)Math.Clamp((factor[i] * values[i]) + offset[i], -float.MaxValue, float.MaxValue) + 0f;
            }
        }

        for (var tree = 0; tree < _trees.Length; tree++)
        {
            _trees[tree] = new CutTree(_points, Options.Dimensions, Options.SampleSize);
            for (var place = 0; place < _samples[tree].Count; place++)
            {
                Replant(tree, place);
            }
        }
    }

    // Two points may have become one: then the sample must hold the one that the tree kept.
    private void Replant(int tree, int place)
    {
        var point = _samples[tree].PointAt(place);
        var held = _trees[tree].Insert(point, _random[tree]);
        if (held != point)
        {
            _points.Retain(held);
            _points.Release(point);
            _samples[tree].Exchange(place, held);
        }
    }
}
