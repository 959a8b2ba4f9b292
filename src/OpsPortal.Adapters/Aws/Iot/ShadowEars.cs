using System.Text.Json.Nodes;
using System.Threading.Channels;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>
/// Who listens to which shadow in this process. Every document that this process reads or writes is told here; a listener hears each version
/// once, in order, and none that is older than what it knows. The first document after it began to listen says where it begins.
/// </summary>
internal sealed class ShadowEars
{
    // A delta tells the whole difference of its moment, so a listener that falls behind may miss older ones but not the newest.
    private static readonly BoundedChannelOptions Choice = new(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Train, string Name), List<Ear>> _ears = [];
    private long _ticket;

    private sealed class Ear
    {
        public Channel<DeviceShadow> Channel { get; } = System.Threading.Channels.Channel.CreateBounded<DeviceShadow>(Choice);

        /// <summary>The newest version known; null before the first document.</summary>
        public long? Version { get; set; }

        /// <summary>Of the newest question that was answered.</summary>
        public long Ticket { get; set; }
    }

    /// <summary>Drawn before the service is asked: of two answers the one with the higher ticket is the newer.</summary>
    public long TakeTicket() => Interlocked.Increment(ref _ticket);

    /// <summary>Listens from now on, until disposed.</summary>
    public Listener Add(string train, string name)
    {
        var ear = new Ear { Ticket = TakeTicket() };
        lock (_lock)
        {
            if (!_ears.TryGetValue((train, name), out var list))
            {
                _ears[(train, name)] = list = [];
            }

            list.Add(ear);
        }

        return new Listener(ear.Channel.Reader, () => Remove((train, name), ear));
    }

    /// <summary>Tells what the service said.</summary>
    /// <param name="shadow">Null when there is no shadow: after a deletion its versions may begin anew.</param>
    public void Tell(string train, string name, long ticket, DeviceShadow? shadow)
    {
        lock (_lock)
        {
            foreach (var ear in _ears.GetValueOrDefault((train, name)) ?? [])
            {
                TellNeedsLock(ear, ticket, shadow);
            }
        }
    }

    private static void TellNeedsLock(Ear ear, long ticket, DeviceShadow? shadow)
    {
        var isNewest = ticket > ear.Ticket;
        ear.Ticket = Math.Max(ear.Ticket, ticket);
        if (ear.Version is not { } known)
        {
            ear.Version = shadow?.Version ?? 0;
        }
        else if (shadow is null)
        {
            ear.Version = isNewest ? 0 : known;
        }
        else if (shadow.Version > known)
        {
            ear.Version = shadow.Version;
            if (shadow.Delta.Count > 0)
            {
                ear.Channel.Writer.TryWrite(CopyOf(shadow));
            }
        }
    }

    // JSON nodes are mutable: each listener gets its own.
    private static DeviceShadow CopyOf(DeviceShadow shadow) => shadow with
    {
        Desired = Copy(shadow.Desired),
        Reported = Copy(shadow.Reported),
        Delta = Copy(shadow.Delta),
        Metadata = Copy(shadow.Metadata),
    };

    private static JsonObject Copy(JsonObject section) => (JsonObject)section.DeepClone();

    private void Remove((string Train, string Name) shadow, Ear ear)
    {
        lock (_lock)
        {
            var list = _ears[shadow];
            list.Remove(ear);
            if (list.Count == 0)
            {
                _ears.Remove(shadow);
            }
        }
    }

    /// <summary>One listener's end.</summary>
    internal sealed class Listener(ChannelReader<DeviceShadow> shadows, Action remove) : IDisposable
    {
        public ChannelReader<DeviceShadow> Shadows => shadows;

        public void Dispose() => remove();
    }
}
