using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpsPortal.Tests.Kit;

/// <summary>The proxy's own behaviour, on a peer that says back what it hears.</summary>
public sealed class TcpFaultProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private TcpFaultProxy _proxy = null!;

    public Task InitializeAsync()
    {
        _echo.Start();
        _ = EchoAsync();
        _proxy = new TcpFaultProxy((IPEndPoint)_echo.LocalEndpoint);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _stop.CancelAsync();
        _echo.Dispose();
    }

    [Fact]
    public async Task Without_a_fault_all_bytes_come_back_and_the_end_too()
    {
        using var client = await ConnectAsync();
        var sent = new byte[300_000];
        new Random(1).NextBytes(sent);

        var stream = client.GetStream();
        var sending = stream.WriteAsync(sent).AsTask();
        var received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Patience);
        await sending;
        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(sent, received);
        Assert.Equal(0, await stream.ReadAsync(received).AsTask().WaitAsync(Patience));
        await Eventually.IsTrueAsync("nothing stands any more", Patience, () => Task.FromResult(_proxy.Open == 0));
    }

    [Fact]
    public async Task A_cut_resets_what_stands_and_what_comes()
    {
        using var standing = await ConnectAsync();
        await SayAsync(standing, "hello");
        using (_proxy.Set(TcpFault.Cut))
        {
            await AssertResetAsync(standing);
            // Cut while it connects, or right after.
            var cut = await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                using var coming = await ConnectAsync();
                await coming.GetStream().ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Patience);
            });
            Assert.True(cut is IOException or SocketException, $"{cut}");
        }

        using var healed = await ConnectAsync();
        await SayAsync(healed, "again");
    }

    [Fact]
    public async Task When_the_peer_cuts_the_other_side_is_cut_too()
    {
        using var client = await ConnectAsync();
        await SayAsync(client, "hello");

        await client.GetStream().WriteAsync("!"u8.ToArray());

        await AssertResetAsync(client);
        await Eventually.IsTrueAsync("nothing stands any more", Patience, () => Task.FromResult(_proxy.Open == 0));
    }

    [Fact]
    public async Task A_cut_after_some_bytes_lets_exactly_these_through()
    {
        using var client = await ConnectAsync();
        await SayAsync(client, "before");
        using var fault = _proxy.Set(TcpFault.CutAfter(4));

        await client.GetStream().WriteAsync("0123456789"u8.ToArray());

        Assert.Equal("0123", await ReadToEndAsync(client, expectReset: true));
    }

    [Fact]
    public async Task A_half_closed_connection_ends_after_some_bytes_without_a_reset()
    {
        using var client = await ConnectAsync();
        using var fault = _proxy.Set(TcpFault.HalfClose(3));

        await client.GetStream().WriteAsync("0123456789"u8.ToArray());

        Assert.Equal("012", await ReadToEndAsync(client, expectReset: false));
    }

    [Fact]
    public async Task A_black_hole_takes_and_says_nothing_until_it_is_healed()
    {
        using var standing = await ConnectAsync();
        await SayAsync(standing, "hello");
        var hole = _proxy.Set(TcpFault.BlackHole);
        using var coming = await ConnectAsync();
        await coming.GetStream().WriteAsync("x"u8.ToArray());
        await standing.GetStream().WriteAsync("y"u8.ToArray());
        var (first, second) = (ReadAsync(coming, 1), ReadAsync(standing, 1));

        Assert.NotSame(first, await Task.WhenAny(first, second, Task.Delay(300)));
        Assert.False(first.IsCompleted || second.IsCompleted);
        hole.Dispose();

        Assert.Equal("x", await first.WaitAsync(Patience));
        Assert.Equal("y", await second.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_refusing_proxy_takes_no_connection_until_it_is_healed()
    {
        using (_proxy.Set(TcpFault.Refuse))
        {
            await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        }

        using var healed = await ConnectAsync();
        await SayAsync(healed, "again");
        Assert.Equal(1, _proxy.Taken);
    }

    [Fact]
    public async Task A_delay_holds_the_answer_back_but_changes_nothing_of_it()
    {
        using var fault = _proxy.Set(TcpFault.Delay(TimeSpan.FromMilliseconds(400)));
        using var client = await ConnectAsync();
        // From before it is sent: however late a busy machine looks, the answer came no sooner than this.
        var watch = Stopwatch.StartNew();
        await client.GetStream().WriteAsync("hello"u8.ToArray());

        Assert.Equal("hello", await ReadAsync(client, 5).WaitAsync(Patience));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(390), $"It came after {watch.Elapsed.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task A_slow_way_gives_its_bytes_one_after_another()
    {
        using var fault = _proxy.Set(TcpFault.Slow(100));
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(new byte[50]);
        var buffer = new byte[50];

        var first = await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Patience);

        Assert.InRange(first, 1, 49);
        await client.GetStream().ReadExactlyAsync(buffer.AsMemory(first)).AsTask().WaitAsync(Patience);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task SayAsync(TcpClient client, string text)
    {
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(text, await ReadAsync(client, text.Length).WaitAsync(Patience));
    }

    private static async Task<string> ReadAsync(TcpClient client, int count)
    {
        var buffer = new byte[count];
        await client.GetStream().ReadExactlyAsync(buffer);
        return Encoding.UTF8.GetString(buffer);
    }

    private static async Task<string> ReadToEndAsync(TcpClient client, bool expectReset)
    {
        var (read, buffer) = (new StringBuilder(), new byte[100]);
        try
        {
            while (await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Patience) is var count and > 0)
            {
                read.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            Assert.False(expectReset);
        }
        catch (IOException)
        {
            Assert.True(expectReset);
        }

        return read.ToString();
    }

    private static async Task AssertResetAsync(TcpClient client) =>
        await Assert.ThrowsAsync<IOException>(() => client.GetStream().ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Patience));

    private async Task EchoAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _echo.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => EchoAsync(client));
        }
    }

    // Says back what it hears; at an exclamation mark it cuts.
    private async Task EchoAsync(TcpClient client)
    {
        using var own = client;
        var buffer = new byte[64 * 1024];
        while (await client.GetStream().ReadAsync(buffer, _stop.Token) is var count and > 0)
        {
            if (count == 1 && buffer[0] == (byte)'!')
            {
                // Not the client: that would say goodbye first.
                client.LingerState = new LingerOption(true, 0);
                client.Client.Dispose();
                return;
            }

            await client.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
