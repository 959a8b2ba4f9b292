namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>
/// Which sequence numbers of one shard have been seen: all up to the frontier, but for the gaps. A gap is what was passed over: a document
/// that becomes visible later than one behind it, or (nearly always) a number that no document carries any more because it was changed
/// again. Gaps are watched for a time, then forgotten.
/// </summary>
internal sealed class SeenNumbers(int most)
{
    // In the order of their numbers, which is also that of their noticing.
    private readonly List<Gap> _gaps = [];

    /// <summary>The highest number seen; −1 before the first.</summary>
    public long Frontier { get; private set; } = -1;

    public IReadOnlyList<Gap> Gaps => _gaps;

    /// <param name="Since">When the gap was noticed, by the reader's own steady clock.</param>
    public readonly record struct Gap(long From, long To, long Since);

    /// <summary>Goes on from a place that was written down.</summary>
    public void Restore(long frontier, IEnumerable<Gap> gaps)
    {
        Frontier = frontier;
        _gaps.Clear();
        _gaps.AddRange(gaps);
    }

    /// <summary>Numbers above this one are given anew: who carries one has not been seen.</summary>
    public void SetBack(long to)
    {
        if (to >= Frontier)
        {
            return;
        }

        Frontier = to;
        _gaps.RemoveAll(gap => gap.From > to);
        if (_gaps is [.., var last] && last.To > to)
        {
            _gaps[^1] = last with { To = to };
        }
    }

    /// <summary>Notes a number; false when it was seen before.</summary>
    public bool Take(long number, long now)
    {
        if (number > Frontier)
        {
            if (number > Frontier + 1)
            {
                Add(new Gap(Frontier + 1, number - 1, now));
            }

            Frontier = number;
            return true;
        }

        return TakeFromGap(number);
    }

    /// <summary>Forgets gaps noticed before this time.</summary>
    public void Forget(long before)
    {
        var old = _gaps.FindIndex(gap => gap.Since >= before);
        _gaps.RemoveRange(0, old < 0 ? _gaps.Count : old);
    }

    private void Add(Gap gap)
    {
        if (_gaps.Count >= most)
        {
            _gaps.RemoveAt(0);
        }

        _gaps.Add(gap);
    }

    private bool TakeFromGap(long number)
    {
        var place = Find(number);
        if (place < 0)
        {
            return false;
        }

        var gap = _gaps[place];
        _gaps.RemoveAt(place);
        if (number < gap.To)
        {
            _gaps.Insert(place, gap with { From = number + 1 });
        }

        if (number > gap.From)
        {
            _gaps.Insert(place, gap with { To = number - 1 });
        }

        return true;
    }

    private int Find(long number)
    {
        var (low, high) = (0, _gaps.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < _gaps[middle].From)
            {
                high = middle - 1;
            }
            else if (number > _gaps[middle].To)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }
}
