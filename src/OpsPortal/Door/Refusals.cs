using OpsPortal.Api;
using OpsPortal.Core.Audit;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Door;

/// <summary>Says no, and writes down to whom and why.</summary>
internal sealed class Refusals(IAuditLog audit, StrangerRefusals strangers, TimeProvider time, ILogger<Refusals> logger)
{
    private const int LongestPath = 200;

    /// <summary>Answers with the problem and audits it.</summary>
    public async Task RefuseAsync(HttpContext context, int status, string why) => await (await ResultAsync(context, status, why)).ExecuteAsync(context);

    /// <summary>The same as a result, for endpoints.</summary>
    public async Task<IResult> ResultAsync(HttpContext context, int status, string why)
    {
        await NoteAsync(context, why);
        return Problem.Of(status, why);
    }

    /// <summary>Audits a refusal; of strangers, not more than some a minute. A refusal stands even when it cannot be written down.</summary>
    public async Task NoteAsync(HttpContext context, string why)
    {
        var path = context.Request.Path.Value ?? "/";
        var on = $"{context.Request.Method} {(path.Length > LongestPath ? path[..LongestPath] : path)}";
        var trace = CallerTrace.Of(context);
        var user = context.User.FindUser();
        if ((user is null ? strangers.Take(trace.From ?? "") : "") is not { } beside)
        {
            return;
        }

        try
        {
            await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user?.Name ?? "unknown", "refuse", on, trace.From, "refused", why + beside, trace.Correlation), context.RequestAborted);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.RefusalNotAudited(e);
        }
    }
}
