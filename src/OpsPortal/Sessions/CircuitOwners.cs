using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Sessions;

/// <summary>
/// A circuit is good for the session it was begun in: a page left open by somebody who has signed out must not come to life
/// again on the cookie of who signs in next in the same browser. Nor may one whose user has other rights by now: what its pages show and
/// allow goes by those they were begun with. The framework lets a circuit be taken up by whoever knows its id.
/// </summary>
internal sealed class CircuitOwners(IOptions<LimitsOptions> limits, TimeProvider time) : IHubFilter
{
    private readonly ConcurrentDictionary<string, Circuit> _circuits = new(StringComparer.Ordinal);

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.Hub is Feed.FeedHub)
        {
            return await next(invocationContext);
        }

        var (identity, connection) = (invocationContext.Context.User?.FindIdentity(), invocationContext.Context.ConnectionId);
        switch (invocationContext.HubMethodName)
        {
            case "ConnectCircuit" or "ResumeCircuit" when invocationContext.HubMethodArguments is [string id, ..]:
                if (!_circuits.TryGetValue(id, out var circuit) || identity is null || !circuit.IsOf(identity))
                {
                    // As for a circuit that is gone: the browser loads the page anew, as whoever it is by now.
                    return invocationContext.HubMethodName == "ConnectCircuit" ? false : null;
                }

                circuit.Take(connection);
                return await next(invocationContext);

            case "StartCircuit":
                var begun = await next(invocationContext);
                if (begun is string secret && identity is not null)
                {
                    Sweep();
                    _circuits[secret] = new Circuit(identity.SessionKey, identity.User, connection);
                }

                return begun;

            default:
                return await next(invocationContext);
        }
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        foreach (var circuit in _circuits.Values)
        {
            circuit.Leave(context.Context.ConnectionId, time.GetTimestamp());
        }

        return next(context, exception);
    }

    // What the framework has let go of can be taken up by nobody.
    private void Sweep()
    {
        foreach (var (id, circuit) in _circuits)
        {
            if (circuit.LeftAt is { } left && time.GetElapsedTime(left) > limits.Value.DisconnectedFor * 2)
            {
                _circuits.TryRemove(id, out _);
            }
        }
    }

    private sealed class Circuit(string sessionKey, User user, string connection)
    {
        private string _connection = connection;

        public long? LeftAt { get; private set; }

        public bool IsOf(SignedInIdentity identity) => identity.SessionKey == sessionKey && SessionDesk.SameRights(user, identity.User);

        public void Take(string connection) => (_connection, LeftAt) = (connection, null);

        public void Leave(string connection, long at)
        {
            if (_connection == connection)
            {
                LeftAt = at;
            }
        }
    }
}
