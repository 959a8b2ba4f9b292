using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpsPortal.Tests.Kit;

/// <summary>
/// Stands on the loopback between the product and a peer, and lets the way between them fail as a test asks. <see cref="Set"/> changes what
/// it does at any time; what <see cref="Set"/> gave back heals it when disposed of.
/// </summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly IPEndPoint _peer;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpFaultConnection, Task> _open = new();
    private readonly Lock _lock = new();
    private volatile TcpFault _fault = TcpFault.None;
    private Socket? _listener;
    private int _taken;

    /// <param name="peer">Where connections are led to; its port must be on the loopback.</param>
    public TcpFaultProxy(Uri peer)
        : this(new IPEndPoint(IPAddress.Loopback, peer.Port))
    {
    }

    public TcpFaultProxy(IPEndPoint peer)
    {
        _peer = peer;
        Port = Listen(0);
    }

    /// <summary>The port to speak to instead of the peer's; stays the same.</summary>
    public int Port { get; }

    /// <summary>Its address for HTTP.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Connections taken so far.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Connections that stand now.</summary>
    public int Open => _open.Count;

    /// <summary>From now on the way fails like this.</summary>
    /// <returns>Heals it when disposed of.</returns>
    public IDisposable Set(TcpFault fault)
    {
        var listens = fault is not TcpFault.Refusing;
        lock (_lock)
        {
            _fault = fault;
            if (listens && _listener is null)
            {
                Listen(Port);
            }
            else if (!listens)
            {
                _listener?.Dispose();
                _listener = null;
            }
        }

        foreach (var connection in _open.Keys)
        {
            connection.Take(fault);
        }

        return new Healing(this);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
        }

        foreach (var connection in _open.Keys)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_open.Values);
        _stop.Dispose();
    }

    private int Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(512);
        _listener = listener;
        _ = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _taken);
                Start(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Start(Socket client)
    {
        var connection = new TcpFaultConnection(client, _fault);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[connection] = running.Task;
        connection.Take(_fault);
        _ = Task.Run(async () =>
        {
            await connection.RunAsync(_peer, _stop.Token);
            _open.TryRemove(connection, out _);
            running.SetResult();
        });
    }

    private sealed class Healing(TcpFaultProxy proxy) : IDisposable
    {
        public void Dispose() => proxy.Set(TcpFault.None);
    }
}
