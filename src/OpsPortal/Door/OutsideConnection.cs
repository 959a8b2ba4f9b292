using System.Net;
using System.Net.Sockets;

namespace OpsPortal.Door;

/// <summary>
/// How the portal itself connects to an address that somebody configured, or that another server named: never to a link-local one,
/// where a cloud machine's credentials are handed out to whoever asks (server-side request forgery). What is looked at is the
/// address connected to, not its name: no spelling and no change of what a name resolves to leads around it.
/// </summary>
internal static class OutsideConnection
{
    // Amazon's metadata service by IPv6 is unique-local, not link-local.
    private static readonly IPAddress MetadataByIPv6 = IPAddress.Parse("fd00:ec2::254");

    /// <summary>A handler that connects so; it follows no redirects and keeps no cookies.</summary>
    public static SocketsHttpHandler Handler(TimeSpan timeout) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, Dns.GetHostAddressesAsync, cancellationToken),
    };

    /// <summary>Connects to the first address of the name that answers and is no forbidden one.</summary>
    /// <param name="resolve">Gives a name's addresses.</param>
    /// <exception cref="HttpRequestException">The name leads to a forbidden address only, or none answers.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var addresses = (await resolve(to.Host, cancellationToken)).Where(address => !IsForbidden(address)).ToArray();
        if (addresses.Length == 0)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{to.Host} leads to a link-local address, and the portal connects to none.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the address is link-local, of a metadata service, or means no particular machine.</summary>
    public static bool IsForbidden(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? plain.GetAddressBytes() is [169, 254, ..] or [0, ..]
            : plain.IsIPv6LinkLocal || plain.IsIPv6Multicast || plain.Equals(MetadataByIPv6) || plain.Equals(IPAddress.IPv6Any);
    }
}
