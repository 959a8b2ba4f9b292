using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>A message of PostgreSQL's protocol, version 3.</summary>
/// <param name="Type">Its letter; 0 for the first message of a connection, which has none.</param>
internal sealed record WireMessage(char Type, byte[] Body);

/// <summary>One side of a connection, message by message.</summary>
internal static class PostgresWire
{
    private const int SslRequest = 80_877_103;

    /// <summary>The code of a request to cancel.</summary>
    public const int CancelRequest = 80_877_102;

    /// <summary>A connection to a server, in TLS without looking at whom.</summary>
    public static async Task<SslStream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = client.GetStream();
        await WriteFirstAsync(stream, Number(SslRequest), cancellationToken);
        Assert.Equal('S', (char)(await ReadExactlyAsync(stream, 1, cancellationToken))[0]);
#pragma warning disable CA5359 // The server of the tests, on the loopback.
        var secured = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await secured.AuthenticateAsClientAsync("localhost");
        return secured;
    }

    /// <summary>The first message; asks for TLS are answered on the way.</summary>
    public static async Task<(Stream Stream, byte[] First)> AcceptAsync(Stream stream, Func<Stream, Task<Stream>> secure, CancellationToken cancellationToken)
    {
        var first = await ReadFirstAsync(stream, cancellationToken);
        if (BinaryPrimitives.ReadInt32BigEndian(first) == SslRequest)
        {
            await stream.WriteAsync("S"u8.ToArray(), cancellationToken);
            stream = await secure(stream);
            first = await ReadFirstAsync(stream, cancellationToken);
        }

        return (stream, first);
    }

    public static async Task<WireMessage> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = await ReadExactlyAsync(stream, 5, cancellationToken);
        return new WireMessage((char)head[0], await ReadExactlyAsync(stream, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4, cancellationToken));
    }

    public static async Task WriteAsync(Stream stream, CancellationToken cancellationToken, params IEnumerable<WireMessage> messages)
    {
        var bytes = new List<byte>();
        foreach (var message in messages)
        {
            bytes.Add((byte)message.Type);
            bytes.AddRange(Number(message.Body.Length + 4));
            bytes.AddRange(message.Body);
        }

        await stream.WriteAsync(bytes.ToArray(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public static async Task WriteFirstAsync(Stream stream, byte[] body, CancellationToken cancellationToken)
    {
        await stream.WriteAsync((byte[])[.. Number(body.Length + 4), .. body], cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>An error as the server says it.</summary>
    public static WireMessage Error(string state, string message) => new('E', Encoding.UTF8.GetBytes($"SERROR\0VERROR\0C{state}\0M{message}\0\0"));

    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static async Task<byte[]> ReadFirstAsync(Stream stream, CancellationToken cancellationToken)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(await ReadExactlyAsync(stream, 4, cancellationToken));
        return await ReadExactlyAsync(stream, length - 4, cancellationToken);
    }

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
