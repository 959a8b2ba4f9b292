namespace OpsPortal.Core.Feed;

/// <summary>The last ids seen, with a number each; the oldest give way.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Notes the id; false when it was already seen with this or a higher number.</summary>
    public bool Note(string id, long number = 0)
    {
        if (_numbers.TryGetValue(id, out var seen))
        {
            if (number <= seen)
            {
                return false;
            }
        }
        else
        {
            if (_order.Count == capacity)
            {
                _numbers.Remove(_order.Dequeue());
            }

            _order.Enqueue(id);
        }

        _numbers[id] = number;
        return true;
    }

    public void Clear()
    {
        _numbers.Clear();
        _order.Clear();
    }
}
