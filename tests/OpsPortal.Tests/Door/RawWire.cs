using System.Net.Sockets;
using System.Text;

namespace OpsPortal.Tests.Door;

/// <summary>Bytes to the server and back, as no client library would send them.</summary>
internal sealed class RawWire : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();

    public static async Task<RawWire> OpenAsync(Uri address)
    {
        var wire = new RawWire();
        await wire._client.ConnectAsync(address.Host, address.Port);
        return wire;
    }

    public Task SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Everything until the server closes, or the beginning of an answer when it keeps the connection.</summary>
    public async Task<string> ReadAsync(bool toEnd = false)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        try
        {
            int read;
            while ((read = await _client.GetStream().ReadAsync(buffer, patience.Token)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (!toEnd && text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // Reset: closed without ceremony.
        }

        return text.ToString();
    }

    /// <summary>The status of the answer to these bytes; 0 when the connection was closed without one.</summary>
    public static async Task<int> StatusAsync(Uri address, string request)
    {
        using var wire = await OpenAsync(address);
        try
        {
            await wire.SendAsync(request);
        }
        catch (IOException)
        {
            // The server may say no before all was sent.
        }

        var answer = await wire.ReadAsync();
        return answer.Length > 12 ? int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    public void Dispose() => _client.Dispose();
}
