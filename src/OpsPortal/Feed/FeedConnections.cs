using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;
using OpsPortal.SignIn;

namespace OpsPortal.Feed;

/// <summary>
/// The connections that watch, each with a pump of its own: it waits for its own socket only. Never Clients.All: awaited, one
/// browser that stops reading would freeze everybody until it is cut off.
/// </summary>
internal sealed class FeedConnections(LiveFeed feed, IHubContext<FeedHub> hub, ILogger<FeedConnections> logger)
{
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);

    /// <summary>Starts the pump of one connection, in place of the one it had.</summary>
    public async Task WatchAsync(HubCallerContext caller, Scope scope, WatchRequest request)
    {
        await StopAsync(caller.ConnectionId);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(caller.ConnectionAborted);
        var connection = new Connection(caller, stop, request);
        _connections[caller.ConnectionId] = connection;
        connection.Pump = PumpAsync(caller, scope, stop.Token);
    }

    /// <summary>Stops the connection's pump and waits until it has.</summary>
    public async Task StopAsync(string connectionId)
    {
        if (_connections.TryRemove(connectionId, out var connection))
        {
            await connection.Stop.CancelAsync();
            await connection.Pump;
            connection.Stop.Dispose();
        }
    }

    /// <summary>Closes every connection of a session that has ended.</summary>
    public void CloseSession(string sessionKey)
    {
        foreach (var connection in _connections.Values.Where(connection => connection.Caller.User?.SessionKey() == sessionKey))
        {
            connection.Caller.Abort();
        }
    }

    private async Task PumpAsync(HubCallerContext caller, Scope scope, CancellationToken cancellationToken)
    {
        // Off the hub's invocation: the browser's call to Watch ends at once.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await using var watcher = feed.Watch(scope);
        try
        {
            var browser = hub.Clients.Client(caller.ConnectionId);
            await foreach (var frame in watcher.ReadAsync(cancellationToken))
            {
                await browser.SendAsync(frame.IsSnapshot ? "snapshot" : "changes", FrameJson.Of(frame), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The browser is gone, or asked to watch anew.
        }
        catch (Exception e)
        {
            // Without its pump the browser would stand still: closed, it comes back and gets a snapshot.
            logger.PumpFailed(e);
            caller.Abort();
        }
    }

    private sealed class Connection(HubCallerContext caller, CancellationTokenSource stop, WatchRequest request)
    {
        public HubCallerContext Caller => caller;

        public CancellationTokenSource Stop => stop;

        public WatchRequest Request => request;

        public Task Pump { get; set; } = Task.CompletedTask;
    }
}
