using System.Collections.Concurrent;
using System.Text.Json;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

/// <summary>
/// A hub connection is opened in two requests: the first gives out a token, the second shows it. The framework takes it from
/// anybody; here it is good for the user it was given to only.
/// </summary>
internal sealed class ConnectionOwners(RequestDelegate next, TimeProvider time, Refusals refusals)
{
    // A browser connects at once; a long-polling one comes back every two minutes at the latest.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    private const int LargestAnswer = 16 * 1024;

    private readonly ConcurrentDictionary<string, (string User, long Seen)> _owners = new(StringComparer.Ordinal);
    private long _swept;

    /// <summary>Whether the request asks for a new hub connection or circuit.</summary>
    public static bool Opens(HttpRequest request) => IsGuarded(request.Path) && request.Path.Value!.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the path belongs to a hub or to circuits.</summary>
    public static bool IsGuarded(PathString path) => path.StartsWithSegments("/hubs") || path.StartsWithSegments("/_blazor");

    public Task InvokeAsync(HttpContext context)
    {
        if (!IsGuarded(context.Request.Path) || context.User.FindUser() is not { } user)
        {
            return next(context);
        }

        if (Opens(context.Request))
        {
            return NoteAsync(context, user.Id);
        }

        var token = context.Request.Query["id"].ToString();
        if (!_owners.TryGetValue(token, out var owner))
        {
            return next(context);
        }

        if (owner.User != user.Id)
        {
            return refusals.RefuseAsync(context, StatusCodes.Status403Forbidden, "This connection belongs to somebody else.");
        }

        _owners[token] = owner with { Seen = time.GetTimestamp() };
        return next(context);
    }

    private async Task NoteAsync(HttpContext context, string user)
    {
        var (body, answer) = (context.Response.Body, new MemoryStream());
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (context.Response.StatusCode == StatusCodes.Status200OK && answer.Length <= LargestAnswer)
        {
            Sweep();
            Note(answer.GetBuffer().AsMemory(0, (int)answer.Length), user);
        }

        answer.Position = 0;
        await answer.CopyToAsync(body, context.RequestAborted);
    }

    private void Note(ReadOnlyMemory<byte> json, string user)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var name in new[] { "connectionToken", "connectionId" })
        {
            if (document.RootElement.TryGetProperty(name, out var token) && token.GetString() is { } text)
            {
                _owners[text] = (user, time.GetTimestamp());
            }
        }
    }

    // New ones are limited by the minute, old ones go: so there is never more than a few minutes' worth.
    private void Sweep()
    {
        var last = Interlocked.Read(ref _swept);
        if (time.GetElapsedTime(last) < Forgotten / 5 || Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), last) != last)
        {
            return;
        }

        foreach (var (token, _) in _owners.Where(owner => time.GetElapsedTime(owner.Value.Seen) > Forgotten))
        {
            _owners.TryRemove(token, out _);
        }
    }
}
