using System.Net;
using System.Net.Sockets;

namespace OpsPortal.Tests.Kit.Oidc;

/// <summary>One address for several processes: each new connection goes to the next of them, as a load balancer without a memory would do it.</summary>
internal sealed class OneAddress : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int[] _ports;
    private readonly int[] _served;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private OneAddress(int port, int[] ports)
    {
        (_ports, _served, _listener) = (ports, new int[ports.Length], new TcpListener(IPAddress.Loopback, port));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Connections each process has had.</summary>
    public IReadOnlyList<int> Served => [.. _served];

    public static OneAddress Start(int port, params int[] ports) => new(port, ports);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var next = 0; ; next = (next + 1) % _ports.Length)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _served[next]++;
                _ = PassAsync(client, _ports[next]);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client, int port)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync("localhost", port, _stop.Token);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side is gone: so is the other.
            }
        }
    }
}
