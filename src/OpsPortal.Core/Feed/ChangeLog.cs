namespace OpsPortal.Core.Feed;

/// <summary>
/// The newest changes in order, each with the feed's version at which it came. Bounded: the oldest give way, and a reader who
/// has not read them is told so. One log serves all watchers, so a watcher that does not read holds nothing.
/// </summary>
internal sealed class ChangeLog<T>(int capacity)
{
    private readonly (long Version, T Change)[] _ring = new (long, T)[capacity];
    private long _count;
    private long _droppedUpTo = -1;

    public void Append(long version, T change)
    {
        var place = (int)(_count % _ring.Length);
        if (_count >= _ring.Length)
        {
            _droppedUpTo = _ring[place].Version;
        }

        _ring[place] = (version, change);
        _count++;
    }

    /// <summary>Whether everything after <paramref name="version"/> is still here.</summary>
    public bool Reaches(long version) => version >= _droppedUpTo;

    /// <summary>Everything after <paramref name="version"/>, oldest first.</summary>
    public IEnumerable<T> Since(long version)
    {
        var first = _count;
        var oldest = Math.Max(0, _count - _ring.Length);
        while (first > oldest && _ring[(first - 1) % _ring.Length].Version > version)
        {
            first--;
        }

        for (var place = first; place < _count; place++)
        {
            yield return _ring[place % _ring.Length].Change;
        }
    }
}
