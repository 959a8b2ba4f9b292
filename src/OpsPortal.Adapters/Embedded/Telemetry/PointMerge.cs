using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Merges windows, given in the order of time, to points of a coarser resolution. A first bucket that began before what was asked for starts there.</summary>
internal sealed class PointMerge(long from, long resolution)
{
    private readonly List<ReadingPoint> _points = [];
    private long _bucket = -1;
    private ReadingFigures _figures;
    private bool _late;

    public void Add(long start, ReadingFigures figures, bool late)
    {
        var bucket = start - (start % resolution);
        if (bucket != _bucket)
        {
            Close();
            (_bucket, _figures, _late) = (bucket, figures, late);
            return;
        }

        _figures = new ReadingFigures(Math.Min(_figures.Min, figures.Min), _figures.Sum + figures.Sum, Math.Max(_figures.Max, figures.Max), _figures.Count + figures.Count);
        _late |= late;
    }

    public List<ReadingPoint> ToList()
    {
        Close();
        _bucket = -1;
        return _points;
    }

    private void Close()
    {
        if (_bucket >= 0)
        {
            _points.Add(new ReadingPoint(new DateTimeOffset(Math.Max(_bucket, from), TimeSpan.Zero), _figures.Min, _figures.Mean, _figures.Max, _late));
        }
    }
}
