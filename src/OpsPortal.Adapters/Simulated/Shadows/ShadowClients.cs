using Microsoft.Extensions.Logging;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Simulated.Shadows;

/// <summary>The shadow clients of all connected trains. Nobody polls: each waits for its own deltas. Used by the fleet's loop only.</summary>
internal sealed class ShadowClients(IDeviceShadows shadows, IShadowDeltas deltas, Func<DateTimeOffset> trainTime, ShadowRetry retry, ILogger logger)
{
    private readonly Dictionary<string, (CancellationTokenSource Connection, Task Running)> _connected = new(StringComparer.Ordinal);

    /// <summary>A train came online: its client begins.</summary>
    public void Connect(string trainId)
    {
        if (_connected.ContainsKey(trainId))
        {
            return;
        }

        var connection = new CancellationTokenSource();
        var client = new ShadowClient(trainId, shadows, deltas, trainTime, retry, logger);
        _connected[trainId] = (connection, Task.Run(() => client.RunAsync(connection.Token), CancellationToken.None));
    }

    /// <summary>A train went: its client hears and says nothing more.</summary>
    public async Task DisconnectAsync(string trainId)
    {
        if (_connected.Remove(trainId, out var client))
        {
            await client.Connection.CancelAsync();
            await client.Running;
            client.Connection.Dispose();
        }
    }

    /// <summary>Ends all clients.</summary>
    public async Task DisconnectAllAsync()
    {
        await Task.WhenAll(_connected.Values.Select(client => client.Connection.CancelAsync()));
        foreach (var trainId in _connected.Keys.ToList())
        {
            await DisconnectAsync(trainId);
        }
    }
}
