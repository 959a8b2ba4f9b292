using System.Net;
using System.Net.Sockets;

namespace OpsPortal.Tests.Kit;

/// <summary>One connection through a <see cref="TcpFaultProxy"/>.</summary>
internal sealed class TcpFaultConnection(Socket client, TcpFault fault) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private volatile Taken _taken = new(fault, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    private long _answered;

    // A fault, and who waits for the next one.
    private sealed record Taken(TcpFault Fault, TaskCompletionSource Changed);

    /// <summary>From now on this connection fails like this.</summary>
    public void Take(TcpFault next)
    {
        var before = _taken;
        Interlocked.Exchange(ref _answered, 0);
        _taken = new Taken(next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        before.Changed.TrySetResult();
        if (next is TcpFault.Refusing or TcpFault.Cutting { AfterBytes: 0 })
        {
            Dispose();
        }
    }

    /// <summary>Passes bytes both ways until a side ends or the fault cuts it.</summary>
    public async Task RunAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        try
        {
            await WhileSilentAsync(cancellationToken);
            await _server.ConnectAsync(peer, cancellationToken);
            await Task.WhenAll(UntilCutAsync(AskAsync(cancellationToken)), UntilCutAsync(AnswerAsync(cancellationToken)));
            // Both have said all they had to say: an end, not a cut.
            client.Dispose();
            _server.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A side is gone: so is the other.
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Cuts both sides: with nothing to linger for, closing sends a reset.</summary>
    public void Dispose()
    {
        Reset(client);
        Reset(_server);
    }

    // A side that is cut cuts the other: nobody waits for bytes that cannot come.
    private async Task UntilCutAsync(Task passing)
    {
        try
        {
            await passing;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await client.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
        {
            await WhileSilentAsync(cancellationToken);
            await SendAllAsync(_server, buffer.AsMemory(0, count), cancellationToken);
        }

        _server.Shutdown(SocketShutdown.Send);
    }

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await _server.ReceiveAsync(buffer.AsMemory(0, Step()), cancellationToken) is var count and > 0)
        {
            await WhileSilentAsync(cancellationToken);
            await PauseAsync(count, cancellationToken);
            if (!await PassAsync(buffer.AsMemory(0, count), cancellationToken))
            {
                return;
            }
        }

        client.Shutdown(SocketShutdown.Send);
    }

    // Slow means many small pieces, not few late ones.
    private int Step() => _taken.Fault is TcpFault.Slowing slow ? Math.Clamp(slow.BytesPerSecond / 10, 1, 16 * 1024) : 16 * 1024;

    private Task PauseAsync(int count, CancellationToken cancellationToken) => _taken.Fault switch
    {
        TcpFault.Delaying delay => Task.Delay(delay.By, cancellationToken),
        TcpFault.Slowing slow => Task.Delay(TimeSpan.FromSeconds((double)count / slow.BytesPerSecond), cancellationToken),
        _ => Task.CompletedTask,
    };

    private async Task<bool> PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var limit = _taken.Fault switch
        {
            TcpFault.Cutting cut => cut.AfterBytes,
            TcpFault.HalfClosing half => half.AfterBytes,
            _ => long.MaxValue,
        };
        var answered = Interlocked.Add(ref _answered, bytes.Length);
        var left = limit - (answered - bytes.Length);
        await SendAllAsync(client, left < bytes.Length ? bytes[..(int)Math.Max(0, left)] : bytes, cancellationToken);
        if (answered < limit)
        {
            return true;
        }

        if (_taken.Fault is TcpFault.Cutting)
        {
            Dispose();
        }
        else
        {
            client.Shutdown(SocketShutdown.Send);
        }

        return false;
    }

    private async Task WhileSilentAsync(CancellationToken cancellationToken)
    {
        while (_taken is { Fault: TcpFault.Silent, Changed: var changed })
        {
            await changed.Task.WaitAsync(cancellationToken);
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }
}
