using System.Net.WebSockets;
using System.Text;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Access;

/// <summary>What the feed's hub tells a browser, as bytes.</summary>
internal static class HubText
{
    private const char End = '\u001e';

    /// <summary>The first snapshot, as it came over the wire.</summary>
    public static async Task<string> SnapshotAsync(PortalHost host, string session)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = await host.OpenSocketAsync("/hubs/feed", session);
        await SendAsync(socket, """{"protocol":"json","version":1}""", patience.Token);
        await SendAsync(socket, """{"type":1,"invocationId":"1","target":"Watch","arguments":[{}]}""", patience.Token);
        var (text, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, patience.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (text.ToString().Split(End).SkipLast(1).FirstOrDefault(message => message.Contains("\"target\":\"snapshot\"", StringComparison.Ordinal)) is { } snapshot)
            {
                return snapshot;
            }
        }
    }

    private static Task SendAsync(WebSocket socket, string json, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json + End), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
