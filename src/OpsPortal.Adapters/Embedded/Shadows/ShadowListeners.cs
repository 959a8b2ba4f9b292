using System.Threading.Channels;

namespace OpsPortal.Adapters.Embedded.Shadows;

/// <summary>Who listens to which shadow in this process.</summary>
internal sealed class ShadowListeners
{
    // A delta tells the whole difference of its moment, so a listener that falls behind may miss older ones but not the newest.
    private static readonly BoundedChannelOptions Choice = new(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Train, string Name), List<Ear>> _listeners = [];
    private long _newest;
    private bool _closed;

    // A change made before somebody listened is not for them, even when it is read later.
    private sealed record Ear(Channel<ShadowRow> Channel, long After);

    /// <summary>Listens from now on, until the listener is disposed.</summary>
    public Listener Add(string train, string name)
    {
        var channel = Channel.CreateBounded<ShadowRow>(Choice);
        Ear ear;
        lock (_lock)
        {
            if (!_listeners.TryGetValue((train, name), out var list))
            {
                _listeners[(train, name)] = list = [];
            }

            ear = new Ear(channel, _newest);
            list.Add(ear);
            if (_closed)
            {
                channel.Writer.Complete();
            }
        }

        return new Listener(channel.Reader, () => Remove((train, name), ear));
    }

    public void Publish(ShadowRow row)
    {
        lock (_lock)
        {
            _newest = Math.Max(_newest, row.Change);
            foreach (var ear in _listeners.GetValueOrDefault((row.Train, row.Name)) ?? [])
            {
                if (row.Change > ear.After)
                {
                    ear.Channel.Writer.TryWrite(row);
                }
            }
        }
    }

    /// <summary>Ends all listening.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var ear in _listeners.Values.SelectMany(list => list))
            {
                ear.Channel.Writer.TryComplete();
            }
        }
    }

    private void Remove((string Train, string Name) shadow, Ear ear)
    {
        lock (_lock)
        {
            var list = _listeners[shadow];
            list.Remove(ear);
            if (list.Count == 0)
            {
                _listeners.Remove(shadow);
            }
        }
    }

    /// <summary>One listener's ear.</summary>
    internal sealed class Listener(ChannelReader<ShadowRow> rows, Action remove) : IDisposable
    {
        public ChannelReader<ShadowRow> Rows => rows;

        public void Dispose() => remove();
    }
}
