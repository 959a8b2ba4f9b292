using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OpsPortal.Tests.Host;

/// <summary>The feed's hub, spoken to by hand as SignalR's JSON protocol.</summary>
public sealed class HubTests(HubTests.Portal portal) : IClassFixture<HubTests.Portal>
{
    private const char End = '\u001e';

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new();

        public void Dispose() => Host.Dispose();
    }

    [Fact]
    public async Task Watching_brings_a_snapshot_then_frames_every_second_and_watching_again_begins_anew()
    {
        using var socket = await OpenAsync();
        var reader = new Reader(socket);

        await CallAsync(socket, "{}");
        var snapshot = await reader.NextAsync("snapshot");
        var changes = await reader.NextAsync("changes");
        await CallAsync(socket, """{"bounds":[-6,49.9,2,59],"zoom":6.5}""");
        var again = await reader.NextAsync("snapshot");

        Assert.Equal((1, 1L), (snapshot.GetProperty("version").GetInt32(), snapshot.GetProperty("number").GetInt64()));
        Assert.Equal(2, changes.GetProperty("number").GetInt64());
        Assert.Equal(1, again.GetProperty("number").GetInt64());
    }

    [Theory]
    [Trait("Fault", "BAD-40")]
    [Trait("Fault", "BAD-41")]
    [InlineData("7", "Watch takes an object")]
    [InlineData("\"fleet/*\"", "Watch takes an object")]
    [InlineData("""{"bounds":"everything"}""", "bounds must be")]
    [InlineData("""{"bounds":[1,2,3]}""", "bounds must be")]
    [InlineData("""{"bounds":[1,60,2,50]}""", "bounds must be")]
    [InlineData("""{"bounds":[1e400,0,2,50]}""", "bounds must be")]
    [InlineData("""{"zoom":"6"}""", "zoom must be")]
    public async Task A_bad_request_to_watch_is_refused_in_plain_words(string argument, string words)
    {
        using var socket = await OpenAsync();

        await CallAsync(socket, argument);

        Assert.Contains(words, await new Reader(socket).RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "BAD-54")]
    [InlineData("""{"zoom":99}""")]
    [InlineData("""{"zoom":-3}""")]
    [InlineData("""{"bounds":[-1000,-91,1000,91],"zoom":0}""")]
    public async Task A_map_beyond_the_world_sees_the_world(string argument)
    {
        using var socket = await OpenAsync();

        await CallAsync(socket, argument);

        Assert.Equal(1, (await new Reader(socket).NextAsync("snapshot")).GetProperty("number").GetInt64());
    }

    [Fact]
    [Trait("Fault", "BAD-40")]
    public async Task A_connection_that_calls_without_end_is_closed_and_others_go_on()
    {
        using var other = await OpenAsync();
        var reader = new Reader(other);
        await CallAsync(other, "{}");
        await reader.NextAsync("snapshot");
        using var socket = await OpenAsync();
        var flood = new Reader(socket);

        try
        {
            for (var call = 0; call < 10_000; call++)
            {
                await CallAsync(socket, "{}");
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed while it was still calling.
        }

        Assert.True(await flood.IsClosedAsync());
        await reader.NextAsync("changes");
    }

    [Theory]
    [Trait("Fault", "BAD-40")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Nothing","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Watch","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"OnDisconnectedAsync","arguments":[null]}""")]
    public async Task What_the_hub_does_not_know_is_refused_without_details(string message)
    {
        using var socket = await OpenAsync();

        await SendAsync(socket, message);

        var refusal = await new Reader(socket).RefusalAsync();
        Assert.DoesNotContain("OpsPortal", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "BAD-2")]
    [Trait("Fault", "SEC-35")]
    public async Task A_message_above_32_kilobytes_ends_the_connection()
    {
        using var socket = await OpenAsync();

        await SendAsync(socket, $$"""{"type":1,"invocationId":"1","target":"Watch","arguments":["{{new string('a', 40_000)}}"]}""");

        Assert.True(await new Reader(socket).IsClosedAsync());
    }

    [Fact]
    [Trait("Fault", "SEC-12")]
    public async Task Signing_out_closes_the_sessions_feed()
    {
        var token = await portal.Host.TokenAsync(name: "Leaver");
        using var socket = await OpenAsync(token);
        var reader = new Reader(socket);
        await CallAsync(socket, "{}");
        await reader.NextAsync("snapshot");

        var caller = portal.Host.Caller();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await caller.PostAsync("/sign-out", null);

        Assert.True(await reader.IsClosedAsync());
    }

    private async Task<WebSocket> OpenAsync(string? token = null)
    {
        var socket = await portal.Host.OpenSocketAsync("/hubs/feed", token ?? await portal.Host.TokenAsync());
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        return socket;
    }

    private static Task CallAsync(WebSocket socket, string argument) =>
        SendAsync(socket, $$"""{"type":1,"invocationId":"1","target":"Watch","arguments":[{{argument}}]}""");

    private static Task SendAsync(WebSocket socket, string json) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Reads the hub's messages one by one.</summary>
    private sealed class Reader(WebSocket socket)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private readonly Queue<JsonElement> _messages = new();
        private string _rest = "";

        /// <summary>The next message to that target, leaving out others.</summary>
        public async Task<JsonElement> NextAsync(string target)
        {
            while (true)
            {
                var message = await NextAsync() ?? throw new InvalidOperationException("The connection was closed.");
                if (message.TryGetProperty("target", out var to) && to.GetString() == target)
                {
                    return message.GetProperty("arguments")[0];
                }
            }
        }

        /// <summary>The words with which a call was refused.</summary>
        public async Task<string> RefusalAsync()
        {
            while (true)
            {
                var message = await NextAsync() ?? throw new InvalidOperationException("The connection was closed.");
                if (message.TryGetProperty("error", out var error))
                {
                    return error.GetString()!;
                }
            }
        }

        public async Task<bool> IsClosedAsync()
        {
            while (await NextAsync() is not null)
            {
            }

            return true;
        }

        private async Task<JsonElement?> NextAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            while (_messages.Count == 0)
            {
                try
                {
                    var part = await socket.ReceiveAsync(_buffer, patience.Token);
                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        return null;
                    }

                    _rest += Encoding.UTF8.GetString(_buffer, 0, part.Count);
                }
                catch (Exception) when (!patience.IsCancellationRequested)
                {
                    return null;
                }

                var messages = _rest.Split(End);
                _rest = messages[^1];
                foreach (var message in messages[..^1])
                {
                    _messages.Enqueue(JsonSerializer.Deserialize<JsonElement>(message));
                }
            }

            return _messages.Dequeue();
        }
    }
}
