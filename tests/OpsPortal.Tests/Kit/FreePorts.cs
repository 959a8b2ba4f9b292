using System.Net.Sockets;

namespace OpsPortal.Tests.Kit;

/// <summary>Ports of the loopback that nobody listens on now. Somebody may in the next moment: who can, tries again.</summary>
/// <remarks>
/// From below those that the system itself gives to whoever asks for any, 32768 and up: there each of the thousands of connections of
/// the tests beside could take the port before the program that it was told to is there. None is given twice in a run.
/// </remarks>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 20_000;

    // Two runs at the same time begin at different places.
    private static int _next = Environment.ProcessId * 101 % Count;

    public static int Take() => Take(1)[0];

    /// <summary>So many different ones.</summary>
    public static int[] Take(int count)
    {
        var ports = new List<int>();
        for (var tried = 0; ports.Count < count; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                ports.Add(port);
            }
            else if (tried > Count)
            {
                throw new InvalidOperationException("No port of the loopback is free.");
            }
        }

        return [.. ports];
    }

    // At every address: some listen on all of them.
    private static bool IsFree(int port)
    {
        try
        {
            using var listener = TcpListener.Create(port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
