using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Kit.Circuits;

/// <summary>A circuit opened as no browser opens it: every message is made by hand, so that it can be a forged one.</summary>
internal sealed partial class RawCircuit : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebSocket _socket;
    private readonly List<byte> _rest = [];
    private readonly List<OfferedEvent> _events = [];
    private readonly List<string> _errors = [];
    private readonly byte[] _buffer = new byte[128 * 1024];
    private long _calls;
    private long _interop;

    private RawCircuit(WebSocket socket) => _socket = socket;

    /// <summary>Whether rendered changes are confirmed, as a browser does.</summary>
    public bool Confirms { get; set; } = true;

    /// <summary>Whether what the server asks the browser to do is said to have failed.</summary>
    public bool Fails { get; set; }

    /// <summary>Events that the server has offered so far, also those it has taken back.</summary>
    public IReadOnlyList<OfferedEvent> Events => _events;

    /// <summary>Errors that the server has told the browser of.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>What the circuit can be taken up by again.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Batches of rendered changes that came.</summary>
    public int Batches { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Opens the connection and nothing else.</summary>
    public static async Task<RawCircuit> ConnectAsync(PortalHost host, string session)
    {
        var circuit = new RawCircuit(await host.OpenSocketAsync("/_blazor", session));
        await circuit._socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, default);
        await circuit._socket.ReceiveAsync(circuit._buffer, default);
        return circuit;
    }

    /// <summary>Opens a page's circuit as its browser would.</summary>
    public static async Task<RawCircuit> OpenAsync(PortalHost host, string session, string page)
    {
        var caller = host.Caller();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", session);
        var html = await caller.GetStringAsync(page);
        var circuit = await ConnectAsync(host, session);
        var started = await circuit.AskAsync("StartCircuit", "https://localhost/", $"https://localhost{page}", "[]", State().Match(html) is { Success: true } state ? state.Groups[1].Value : "");
        circuit.Secret = Assert.IsType<string>(started);
        await circuit.SendAsync("UpdateRootComponents", Operations(html), "");
        await circuit.WaitForAsync("the page is there", () => circuit._interop > 0 && circuit.Batches > 0);
        return circuit;
    }

    /// <summary>Calls a method of the server without asking for its answer.</summary>
    public Task SendAsync(string method, params object?[] arguments) => WriteAsync([1, new List<object?>(), null, method, arguments.ToList()]);

    /// <summary>Calls a method of the server and waits for its answer; null when it is refused.</summary>
    public async Task<object?> AskAsync(string method, params object?[] arguments)
    {
        var id = $"{++_calls}";
        await WriteAsync([1, new List<object?>(), id, method, arguments.ToList()]);
        object? answer = null;
        var isAnswered = false;
        await WaitForAsync($"an answer to {method}", () => isAnswered || IsClosed, message =>
        {
            if (message is [3L, _, string to, ..] && to == id)
            {
                (isAnswered, answer) = (true, message is [_, _, _, 3L, var result] ? result : null);
            }
        });
        return answer;
    }

    /// <summary>Says that something happened in the page, whether or not it can have.</summary>
    /// <returns>Null when the server took it; otherwise what it answered.</returns>
    public Task<string?> DispatchAsync(long handler, string kind, string arguments) =>
        CallAsync(null, "DispatchEventAsync", _interop, $$"""[{"eventHandlerId":{{handler}},"eventName":"{{kind}}","eventFieldInfo":null},{{arguments}}]""");

    /// <summary>Calls into .NET as scripts do.</summary>
    /// <returns>Null when the server did it; otherwise what it answered, or "closed".</returns>
    public async Task<string?> CallAsync(string? assembly, string method, long objectId, string arguments)
    {
        var id = $"{++_calls}";
        string? answer = null;
        var isAnswered = false;
        await SendAsync("BeginInvokeDotNetFromJS", id, assembly, method, objectId, arguments);
        await WaitForAsync("an answer", () => isAnswered || IsClosed, message =>
        {
            if (message is [1L, _, _, "JS.EndInvokeDotNet", List<object?> told, ..] && Equals(told[0], id))
            {
                (isAnswered, answer) = (true, told[1] is true ? null : $"{told[2]}");
            }
        });
        return IsClosed ? "closed" : answer;
    }

    /// <summary>Reads until something is so.</summary>
    public async Task WaitForAsync(string what, Func<bool> isSo, Action<List<object?>>? look = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            Assert.False(patience.IsCancellationRequested || IsClosed, $"waiting until {what}: {string.Join("; ", _errors)}");
            await ReadAsync(look, patience.Token);
        }
    }

    /// <summary>Reads for a time, or until the connection is closed.</summary>
    public async Task ListenAsync(TimeSpan time)
    {
        using var over = new CancellationTokenSource(time);
        while (!IsClosed && !over.IsCancellationRequested)
        {
            await ReadAsync(null, over.Token);
        }
    }

    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    private async Task ReadAsync(Action<List<object?>>? look, CancellationToken patience)
    {
        try
        {
            var part = await _socket.ReceiveAsync(_buffer, patience);
            IsClosed = part.MessageType == WebSocketMessageType.Close;
            _rest.AddRange(_buffer.AsSpan(0, part.Count));
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            IsClosed = !patience.IsCancellationRequested;
            return;
        }

        foreach (var message in Whole())
        {
            look?.Invoke(message);
            await TakeAsync(message);
        }
    }

    private async Task TakeAsync(List<object?> message)
    {
        switch (message)
        {
            case [1L, _, _, "JS.RenderBatch", List<object?> told, ..]:
                Batches++;
                _events.AddRange(Rendered.Events((byte[])told[1]!));
                if (Confirms)
                {
                    await SendAsync("OnRenderCompleted", told[0], null);
                }

                break;
            case [1L, _, _, "JS.BeginInvokeJS", List<object?> told, ..]:
                if (ObjectId().Match($"{told[2]}") is { Success: true } interop && $"{told[1]}".EndsWith("attachWebRendererInterop", StringComparison.Ordinal))
                {
                    _interop = long.Parse(interop.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                }

                await SendAsync("EndInvokeJSFromDotNet", told[0], !Fails, Fails ? $"[{told[0]},false,\"<script>alert(1)</script>\"]" : $"[{told[0]},true,null]");
                break;
            case [1L, _, _, "JS.Error", List<object?> told, ..]:
                _errors.Add($"{told[0]}");
                break;
            case [7L, ..]:
                IsClosed = true;
                break;
        }
    }

    private List<List<object?>> Whole()
    {
        var messages = new List<List<object?>>();
        var bytes = _rest.ToArray().AsSpan();
        var taken = 0;
        while (Length(bytes[taken..]) is (var head, var length) && taken + head + length <= bytes.Length)
        {
            var at = 0;
            messages.Add((List<object?>)Packed.Read(bytes.Slice(taken + head, length), ref at)!);
            taken += head + length;
        }

        _rest.RemoveRange(0, taken);
        return messages;
    }

    // Each message begins with its length, seven bits to the byte.
    private static (int Head, int Length)? Length(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        for (var i = 0; i < Math.Min(5, bytes.Length); i++)
        {
            length |= (bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                return (i + 1, length);
            }
        }

        return null;
    }

    private Task WriteAsync(List<object?> message)
    {
        // The second place is a map of headers: an empty one.
        var body = Packed.Write(message);
        var whole = new List<byte>();
        for (var length = body.Length - 2; ; length >>= 7)
        {
            whole.Add((byte)(length < 0x80 ? length : (length & 0x7f) | 0x80));
            if (length < 0x80)
            {
                break;
            }
        }

        // An empty list takes three bytes, an empty map one: [0xdc 0 n] [0xd3 …8] [0xdc 0 0] becomes [… 0x80].
        whole.AddRange(body.AsSpan(0, 12));
        whole.Add(0x80);
        whole.AddRange(body.AsSpan(15));
        return IsClosed ? Task.CompletedTask : TrySendAsync([.. whole]);
    }

    private async Task TrySendAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, default);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            IsClosed = true;
        }
    }

    private static string Operations(string html)
    {
        var markers = Marker().Matches(html).Select(match => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(match.Groups[1].Value)!).Where(marker => marker.ContainsKey("descriptor")).ToList();
        Assert.NotEmpty(markers);
        return JsonSerializer.Serialize(new { batchId = 1, operations = markers.Select((marker, i) => new { type = "add", ssrComponentId = i + 1, marker }) });
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();

    [GeneratedRegex("\"__dotNetObject\":(\\d+)")]
    private static partial Regex ObjectId();
}
