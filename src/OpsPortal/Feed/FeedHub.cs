using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Feed;

/// <summary>The feed's door for browsers, <c>/hubs/feed</c>. Messages are described in README.md of this room.</summary>
internal sealed class FeedHub(FeedConnections connections, Refusals refusals, TimeProvider time) : Hub
{
    // A browser watches once, and again when its map has moved far.
    private const int MostCalls = 30;
    private static readonly TimeSpan CallsWithin = TimeSpan.FromSeconds(10);

    /// <summary>Starts the feed on this connection; calling it again starts anew with a snapshot.</summary>
    public async Task Watch(JsonElement request)
    {
        if (IsTooBusy())
        {
            const string why = "Too many calls: the connection is closed. Watch once; the feed then comes by itself.";
            await (Context.GetHttpContext() is { } caller ? refusals.NoteAsync(caller, why) : Task.CompletedTask);
            Context.Abort();
            throw new HubException(why);
        }

        var wanted = WatchRequest.Read(request);
        if (Context.User?.FindUser() is not { } user || !user.May(Verb.Read))
        {
            const string why = "Your role may not read the feed.";
            await (Context.GetHttpContext() is { } context ? refusals.NoteAsync(context, why) : Task.CompletedTask);
            throw new HubException(why);
        }

        await connections.WatchAsync(Context, user.Scope, wanted);
    }

    // Calls of one connection come one after another.
    private bool IsTooBusy()
    {
        var now = time.GetTimestamp();
        var (since, calls) = Context.Items.TryGetValue(typeof(FeedHub), out var kept) && kept is (long begun, int made) && time.GetElapsedTime(begun, now) < CallsWithin ? (begun, made + 1) : (now, 1);
        Context.Items[typeof(FeedHub)] = (since, calls);
        return calls > MostCalls;
    }

    public override Task OnDisconnectedAsync(Exception? exception) => connections.StopAsync(Context.ConnectionId);
}
