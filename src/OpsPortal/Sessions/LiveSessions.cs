using System.Collections.Concurrent;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.Feed;
using OpsPortal.SignIn;

namespace OpsPortal.Sessions;

/// <summary>The live connections (feed and circuits) that stand open on this node, by session: when a session ends they are cut.</summary>
internal sealed class LiveSessions(FeedConnections feeds)
{
    private readonly ConcurrentDictionary<Guid, (SignedInIdentity Identity, HttpContext Context)> _open = new();

    /// <summary>Sessions with something open, each with the users its connections were opened as.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<User> Users)> Open =>
        [.. _open.Values.GroupBy(open => open.Identity.SessionKey).Select(group => (group.Key, (IReadOnlyList<User>)[.. group.Select(open => open.Identity.User)]))];

    /// <summary>Runs a connection, and knows of it meanwhile.</summary>
    public async Task RunAsync(SignedInIdentity identity, HttpContext context, Func<Task> connection)
    {
        var id = Guid.NewGuid();
        _open[id] = (identity, context);
        try
        {
            await connection();
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    /// <summary>Cuts everything of the session on this node. Browsers come back, and are asked who they are.</summary>
    public void Close(string key)
    {
        feeds.CloseSession(key);
        foreach (var (_, context) in _open.Values.Where(open => open.Identity.SessionKey == key))
        {
            context.Abort();
        }
    }
}

/// <summary>Makes each live connection known, after the limits and before its endpoint.</summary>
internal sealed class LiveConnections(RequestDelegate next, LiveSessions live)
{
    public Task InvokeAsync(HttpContext context) =>
        ConnectionOwners.IsGuarded(context.Request.Path) && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsConnect(context.Request.Method)) && context.User.FindIdentity() is { } identity
            ? live.RunAsync(identity, context, () => next(context))
            : next(context);
}
