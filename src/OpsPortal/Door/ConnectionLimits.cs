using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpsPortal.Api;

namespace OpsPortal.Door;

/// <summary>How many hub connections and circuits are open, by user and by address.</summary>
internal sealed class ConnectionCount
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Counts one more unless there are that many already.</summary>
    public bool TryEnter(string caller, int most)
    {
        var count = _open.AddOrUpdate(caller, 1, (_, open) => open + 1);
        if (count <= most)
        {
            return true;
        }

        Leave(caller);
        return false;
    }

    /// <summary>One less; nobody is remembered who has none.</summary>
    public void Leave(string caller)
    {
        _open.AddOrUpdate(caller, 0, (_, open) => open - 1);
        _open.TryRemove(KeyValuePair.Create(caller, 0));
    }
}

/// <summary>
/// Nobody holds more hub connections and circuits than allowed, and none in the clear where others could read along. A long
/// poll counts while it waits, which is nearly always.
/// </summary>
internal sealed class ConnectionLimits(RequestDelegate next, ConnectionCount count, IOptions<LimitsOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!ConnectionOwners.IsGuarded(context.Request.Path) || !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsConnect(context.Request.Method))
        {
            await next(context);
            return;
        }

        var (user, address) = (LimitServices.Caller(context), LimitServices.Address(context));
        if (user == address)
        {
            // Nobody is signed in: the endpoint refuses by itself.
            await next(context);
            return;
        }

        await CountedAsync(context, user, options.Value.ConnectionsPerUser, () => CountedAsync(context, address, options.Value.ConnectionsPerAddress, () => next(context)));
    }

    private async Task CountedAsync(HttpContext context, string caller, int most, Func<Task> inside)
    {
        if (!count.TryEnter(caller, most))
        {
            context.Response.Headers.RetryAfter = "30";
            await Problem.Of(StatusCodes.Status429TooManyRequests, "Too many live connections are open already; close some pages.").ExecuteAsync(context);
            return;
        }

        try
        {
            await inside();
        }
        finally
        {
            count.Leave(caller);
        }
    }
}
