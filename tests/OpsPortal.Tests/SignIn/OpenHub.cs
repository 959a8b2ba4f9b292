using System.Net.WebSockets;
using System.Text;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.SignIn;

/// <summary>A browser's live connection that stands open until the portal cuts it.</summary>
internal sealed class OpenHub : IDisposable
{
    private readonly WebSocket _socket;
    private readonly Task _cut;

    private OpenHub(WebSocket socket)
    {
        _socket = socket;
        _cut = ReadToEndAsync(socket);
    }

    /// <summary>Whether the portal has cut it.</summary>
    public bool IsCut => _cut.IsCompleted;

    public static async Task<OpenHub> OpenAsync(PortalHost host, string session, params (string Name, string Value)[] headers)
    {
        var socket = await host.OpenSocketAsync("/hubs/feed", session, headers);
        foreach (var message in new[] { """{"protocol":"json","version":1}""", """{"type":1,"target":"Watch","invocationId":"1","arguments":[{}]}""" })
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, true, CancellationToken.None);
        }

        return new OpenHub(socket);
    }

    public void Dispose() => _socket.Dispose();

    private static async Task ReadToEndAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut without a word.
        }
    }
}
