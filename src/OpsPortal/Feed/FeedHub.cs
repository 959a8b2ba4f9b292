using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Feed;

/// <summary>The feed's door for browsers, <c>/hubs/feed</c>. Messages are described in README.md of this room.</summary>
internal sealed class FeedHub(FeedConnections connections, Refusals refusals) : Hub
{
    /// <summary>Starts the feed on this connection; calling it again starts anew with a snapshot.</summary>
    public async Task Watch(JsonElement request)
    {
        var wanted = WatchRequest.Read(request);
        if (Context.User?.FindUser() is not { } user || !user.May(Verb.Read))
        {
            const string why = "Your role may not read the feed.";
            await (Context.GetHttpContext() is { } context ? refusals.NoteAsync(context, why) : Task.CompletedTask);
            throw new HubException(why);
        }

        await connections.WatchAsync(Context, user.Scope, wanted);
    }

    public override Task OnDisconnectedAsync(Exception? exception) => connections.StopAsync(Context.ConnectionId);
}
