using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;

namespace OpsPortal.Feed;

/// <summary>The feed's door for browsers, <c>/hubs/feed</c>. Messages are described in README.md of this room.</summary>
internal sealed class FeedHub(FeedConnections connections) : Hub
{
    /// <summary>Starts the feed on this connection; calling it again starts anew with a snapshot.</summary>
    public Task Watch(JsonElement request)
    {
        var wanted = WatchRequest.Read(request);
        var user = Context.User?.FindUser();
        return user is not null && user.May(Verb.Read)
            ? connections.WatchAsync(Context, user.Scope, wanted)
            : throw new HubException("Your role may not read the feed.");
    }

    public override Task OnDisconnectedAsync(Exception? exception) => connections.StopAsync(Context.ConnectionId);
}
