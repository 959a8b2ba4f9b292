using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Door;
using OpsPortal.Feed;
using OpsPortal.SignIn;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Feed;

/// <summary>
/// 200 browsers on real sockets, five of which stop reading. Frames have about 60 KB, so that the sockets' buffers fill within
/// seconds: with small frames a stalled browser would go unnoticed for the whole test, however the feed was built. Alone, because the
/// gaps that are measured would be those of the tests beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class StalledWatchersTests(ITestOutputHelper output)
{
    private const int Watchers = 200;
    private const int Stalled = 5;
    private const int Trains = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    // For the server to cut off who has stalled: buffers fill slowly on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static TimeSpan Duration => TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 60 : 15);

    [Fact]
    [Trait("Fault", "SEC-36")]
    [Trait("Fault", "FLT-1")]
    public async Task Five_of_two_hundred_watchers_stop_reading_and_the_others_notice_nothing()
    {
        await using var portal = await StartAsync();
        var feed = portal.Services.GetRequiredService<LiveFeed>();
        var address = new Uri(portal.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/hubs/feed");
        using var stop = new CancellationTokenSource();
        // On the thread pool: the test runner's own scheduler has two threads, which 200 browsers would queue up for.
        var moving = Task.Run(() => MoveAsync(feed, stop.Token));

        var watchers = new ConcurrentBag<SocketWatcher>();
        var reading = new ConcurrentBag<Task>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Watchers), new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (number, token) =>
        {
            var watcher = await SocketWatcher.ConnectAsync(address, await TokenAsync(portal), slow: number < Stalled, token);
            watchers.Add(watcher);
            reading.Add(Task.Run(() => watcher.ReadAsync(stop.Token), CancellationToken.None));
        });
        await Task.Delay(Settle, stop.Token);

        foreach (var watcher in watchers.Where(watcher => watcher.Slow))
        {
            watcher.StopReading();
        }

        var from = TimeProvider.System.GetUtcNow();
        await Task.Delay(Duration, stop.Token);
        await Eventually.IsTrueAsync("a stalled connection is cut off", Patience, () => Task.FromResult(feed.Watchers < Watchers));
        var cut = Watchers - feed.Watchers;
        var stalledFor = TimeProvider.System.GetUtcNow() - from;
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        await moving;
        await portal.StopAsync();

        var healthy = watchers.Where(watcher => !watcher.Slow).ToList();
        var gaps = healthy.Select(watcher => watcher.LongestGap(from)).Order().ToList();
        output.WriteLine($"{healthy.Count} healthy watchers, {Stalled} stalled for {stalledFor.TotalSeconds:0} s, frames of {healthy.Average(watcher => watcher.FrameBytes) / 1000:0} KB every {Period.TotalMilliseconds:0} ms");
        output.WriteLine($"frames per healthy watcher and second: {healthy.Average(watcher => watcher.CountBefore(from)) / Settle.TotalSeconds:0.00} before, {healthy.Average(watcher => watcher.CountSince(from)) / stalledFor.TotalSeconds:0.00} while stalled");
        output.WriteLine($"longest gap of each healthy watcher while stalled: median {gaps[gaps.Count / 2].TotalMilliseconds:0} ms, p99 {gaps[gaps.Count * 99 / 100].TotalMilliseconds:0} ms, worst {gaps[^1].TotalMilliseconds:0} ms");
        output.WriteLine($"stalled connections cut off by the server: {cut} of {Stalled}");

        // An awaited broadcast stands still for 10 s; this machine may be busy with other things for a while, but not for that long.
        Assert.True(gaps[^1] < TimeSpan.FromSeconds(5), $"A healthy watcher heard nothing for {gaps[^1].TotalMilliseconds:0} ms.");
        Assert.True(gaps[gaps.Count / 2] < Period * 5, $"Half of the healthy watchers had a gap of {gaps[gaps.Count / 2].TotalMilliseconds:0} ms or more.");
        Assert.All(healthy, watcher => Assert.True(watcher.IsOpen));
        // A send that blocks for 10 s is cut off: so the stalled ones did stand in the way of whoever would have waited for them.
        Assert.InRange(cut, 1, Stalled);
        Assert.InRange(healthy.Average(watcher => watcher.FrameBytes), 40_000, 100_000);
    }

    private static async Task MoveAsync(LiveFeed feed, CancellationToken cancellationToken)
    {
        for (var offset = 2L; !cancellationToken.IsCancellationRequested; offset++)
        {
            var states = Enumerable.Range(0, Trains).Select(number => State(number, offset)).ToList();
            feed.Apply(new StoreChanges(new StoreCursor($"{offset}"), TimeProvider.System.GetUtcNow(), states, [], []));
            await Task.Delay(Period, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A long id fills the frame without five thousand trains.
    private static TrainState State(int number, long offset) =>
        Samples.State(new TrainIdentity($"390-{number:000}-of-a-fleet-with-long-names-{number:000000}", "Longsight", "WCML", "390"), offset) with { ReceivedAt = TimeProvider.System.GetUtcNow() };

    // The feed's own services behind real sign-in on a real server; the store's follower is left out, the test feeds.
    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = Listen);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISessionStore, SessionMemory>();
        builder.Services.AddSingleton<IKnownUsers, NobodyKnown>();
        builder.Services.AddSingleton<IAuditLog, AuditMemory>();
        builder.Services.AddDoor().AddSignIn(builder.Configuration).AddFeed();
        foreach (var loop in builder.Services.Where(service => service.ImplementationType == typeof(FeedFollower)).ToList())
        {
            builder.Services.Remove(loop);
        }

        var app = builder.Build();
        app.UseDoor();
        app.UseSignIn();
        app.MapFeed();
        await app.StartAsync();
        app.Services.GetRequiredService<LiveFeed>().Restart(new FeedSnapshot(TimeProvider.System.GetUtcNow(), [.. Enumerable.Range(0, Trains).Select(number => State(number, 1))], [], []));
        return app;
    }

    // The system's own buffers would take several megabytes for a browser that takes nothing, and hide for a while that it has stalled.
    private static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = 128 * 1024;
        return socket;
    }

    private static async Task<string> TokenAsync(WebApplication portal)
    {
        var id = SessionId.New();
        var now = TimeProvider.System.GetUtcNow();
        await portal.Services.GetRequiredService<ISessionStore>().KeepAsync(id, new Session(new User("persona:operator:Jo", "Jo", new HashSet<Role> { Role.Operator }, Scope.WholeFleet), now, now.AddHours(1)), CancellationToken.None);
        return id;
    }

    private sealed class SessionMemory : ISessionStore
    {
        private readonly ConcurrentDictionary<string, Session> _sessions = new();

        public Task KeepAsync(string id, Session session, CancellationToken cancellationToken)
        {
            _sessions[id] = session;
            return Task.CompletedTask;
        }

        public Task<Session?> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_sessions.GetValueOrDefault(id));

        // Looked at by key while watchers are connected.
        public Task<Session?> GetByKeyAsync(string key, CancellationToken cancellationToken) => Task.FromResult<Session?>(_sessions.FirstOrDefault(session => SessionId.Hash(session.Key) == key).Value);

        public Task NoteUseAsync(string key, DateTimeOffset usedAt, DateTimeOffset idleAt, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<Session>> FindAsync(string? userId, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> CountFromAsync(string address, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> CountAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryClaimCheckAsync(string key, DateTimeOffset now, DateTimeOffset next, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RenewAsync(string key, User user, ProviderSession provider, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task EndAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Session>> EndOfProviderAsync(string issuer, string? subject, string? sessionId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NobodyKnown : IKnownUsers
    {
        public Task NoteAsync(User user, DateTimeOffset at, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<User?> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult<User?>(null);
    }

    /// <summary>A browser's socket that speaks SignalR's JSON protocol by hand and notes when frames end.</summary>
    private sealed class SocketWatcher(ClientWebSocket socket, bool slow)
    {
        private readonly Lock _lock = new();
        private readonly List<(DateTimeOffset At, int Bytes)> _frames = [];
        private readonly TaskCompletionSource _stopReading = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Slow => slow;

        public bool IsOpen { get; private set; } = true;

        public double FrameBytes
        {
            get
            {
                lock (_lock)
                {
                    return _frames.Where(frame => frame.Bytes > 10_000).Select(frame => (double)frame.Bytes).DefaultIfEmpty().Average();
                }
            }
        }

        public static async Task<SocketWatcher> ConnectAsync(Uri address, string token, bool slow, CancellationToken cancellationToken)
        {
            var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = (context, token) => ConnectAsync(context, slow, token) }, disposeHandler: false);
            await socket.ConnectAsync(address, invoker, cancellationToken);
            var watcher = new SocketWatcher(socket, slow);
            await watcher.SendAsync("""{"protocol":"json","version":1}""", cancellationToken);
            await watcher.SendAsync("""{"type":1,"target":"Watch","arguments":[{}]}""", cancellationToken);
            return watcher;
        }

        /// <summary>Reads and counts until told to stop: then the socket stays open and nobody takes anything from it.</summary>
        public async Task ReadAsync(CancellationToken cancellationToken)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                for (var bytes = 0; !_stopReading.Task.IsCompleted;)
                {
                    var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                    bytes += part.Count;
                    if (part.EndOfMessage)
                    {
                        Note(bytes);
                        bytes = 0;
                    }

                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        IsOpen = false;
                        return;
                    }
                }

                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // The test is over.
            }
            catch (WebSocketException)
            {
                IsOpen = false;
            }
            finally
            {
                socket.Dispose();
            }
        }

        public void StopReading() => _stopReading.TrySetResult();

        public int CountBefore(DateTimeOffset at)
        {
            lock (_lock)
            {
                return _frames.Count(frame => frame.At < at && frame.At >= at - Settle);
            }
        }

        public int CountSince(DateTimeOffset at)
        {
            lock (_lock)
            {
                return _frames.Count(frame => frame.At >= at);
            }
        }

        public TimeSpan LongestGap(DateTimeOffset from)
        {
            lock (_lock)
            {
                var times = _frames.Select(frame => frame.At).Where(at => at >= from).ToList();
                return times.Count < 2 ? TimeSpan.MaxValue : times.Zip(times.Skip(1), (a, b) => b - a).Max();
            }
        }

        private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool slow, CancellationToken cancellationToken)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (slow)
            {
                // A small window: what a stalled browser leaves untaken stays on the server's side.
                socket.ReceiveBufferSize = 16 * 1024;
            }

            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }

        private Task SendAsync(string json, CancellationToken cancellationToken) =>
            socket.SendAsync(Encoding.UTF8.GetBytes(json + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

        private void Note(int bytes)
        {
            lock (_lock)
            {
                _frames.Add((TimeProvider.System.GetUtcNow(), bytes));
            }
        }
    }
}
