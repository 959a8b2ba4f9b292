using System.Net;
using System.Net.Sockets;

namespace OpsPortal.Tests.Kit;

/// <summary>Ports of the loopback that nobody listens on now. Somebody may in the next moment: who can, tries again.</summary>
public static class FreePorts
{
    public static int Take() => Take(1)[0];

    /// <summary>So many different ones.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
