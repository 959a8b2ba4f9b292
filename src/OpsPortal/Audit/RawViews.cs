using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Audit;

/// <summary>Writes down who looks at raw data. A plot that asks again and again is one view for a time.</summary>
internal sealed class RawViews(IAuditLog audit, IOptions<AuditOptions> options, TimeProvider time, ILogger<RawViews> logger)
{
    /// <summary>Set in the answer when the view could not be written down: reading goes on, and says so.</summary>
    public const string Header = "X-Audit";

    private const int Most = 100_000;

    private readonly ConcurrentDictionary<(string User, string Train, string Sensor), long> _noted = [];

    /// <summary>Notes that the caller reads a sensor's readings.</summary>
    public async Task NoteAsync(HttpContext context, string train, string sensor, DateTimeOffset from, DateTimeOffset to)
    {
        var user = context.User.ToUser();
        var key = (user.Id, train, sensor);
        if (_noted.TryGetValue(key, out var noted) && time.GetElapsedTime(noted) < options.Value.ViewsWithin)
        {
            return;
        }

        var trace = CallerTrace.Of(context);
        try
        {
            var detail = string.Create(CultureInfo.InvariantCulture, $"{sensor}, {from.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} to {to.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
            await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "viewReadings", train, trace.From, "ok", detail, trace.Correlation), context.RequestAborted);
            Remember(key);
        }
        catch (StoreUnavailableException e)
        {
            context.Response.Headers[Header] = "not recorded";
            logger.ViewNotAudited(e);
        }
    }

    // Forgetting one costs a row more, remembering all would cost the memory.
    private void Remember((string, string, string) key)
    {
        if (_noted.Count >= Most)
        {
            _noted.Clear();
        }

        _noted[key] = time.GetTimestamp();
    }
}
