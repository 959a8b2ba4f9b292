using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Warehouse;
using OpsPortal.Extracts;
using OpsPortal.Tokens;
using OpsPortal.Workbench.Unload;

namespace OpsPortal.Workbench;

/// <summary>Writes down who asked what, and what came of it.</summary>
internal sealed class QueryAudit(IAuditLog audit, TimeProvider time, ILogger<QueryAudit> logger)
{
    // Of a text or a value; the rest is known by its hash.
    private const int Longest = 4_000;

    /// <summary>Before it runs: what cannot be written down is not run.</summary>
    /// <param name="overridden">What the guard said, where its limit was set aside; else null.</param>
    public Task AskedAsync(string id, User user, WarehouseQuery query, string? overridden, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEntry(time.GetUtcNow(), user.Name, "runQuery", id, trace.From, "ok", $"{Text(query)}{(overridden is null ? "" : $"; run although {overridden}")}", trace.Correlation), cancellationToken);

    /// <summary>A plan that was asked for.</summary>
    public Task EstimatedAsync(User user, WarehouseQuery query, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "estimateQuery", "warehouse", trace.From, "ok", Text(query), trace.Correlation), cancellationToken);

    /// <summary>A download that asks the warehouse again, or reads what is kept.</summary>
    public Task DownloadedAsync(QueryJob job, User user, string format, bool asksAgain, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEntry(time.GetUtcNow(), user.Name, "downloadQuery", job.Id, trace.From, "ok", $"{format}{(asksAgain ? ", asked again" : "")}; {Text(job.Query)}", trace.Correlation), cancellationToken);

    /// <summary>A download's end.</summary>
    public Task DownloadEndedAsync(QueryJob job, User user, long rows, string outcome, CallerTrace trace) =>
        EndAsync(job.Id, new AuditEntry(time.GetUtcNow(), user.Name, "endDownload", job.Id, trace.From, outcome, Rows(rows), trace.Correlation));

    /// <summary>A query's end. It has run already, so a log that cannot take it is told to the operator of the portal.</summary>
    public Task EndedAsync(QueryJob job)
    {
        var progress = job.Progress;
        var outcome = progress.State == QueryState.Succeeded ? "ok" : WireJson.Word(progress.State);
        var detail = $"{Rows(job.Spool.Rows)}{(progress.Cut is null ? "" : ", cut")}{(progress.StatementId is { } statement ? $", {statement}" : "")}{(progress.Problem is { } problem ? $"; {Short(problem.Reason)}" : "")}";
        return EndAsync(job.Id, new AuditEntry(time.GetUtcNow(), job.User.Name, "endQuery", job.Id, job.Trace.From, outcome, detail, job.Trace.Correlation));
    }

    /// <summary>Before a query's rows are written as files.</summary>
    /// <param name="overridden">What the guard said, where its limit was set aside; else null.</param>
    public Task UnloadedAsync(UnloadJob job, string? overridden, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEntry(
                time.GetUtcNow(), job.User.Name, "unloadQuery", job.QueryId, job.Trace.From, "ok", $"{job.Place.Name}; {Text(job.Query)}{(overridden is null ? "" : $"; run although {overridden}")}", job.Trace.Correlation),
            cancellationToken);

    /// <summary>Before an address of such a file is given.</summary>
    public Task UnloadedFileGivenAsync(UnloadJob job, User user, string name, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "fetchUnloadedFile", job.QueryId, trace.From, "ok", $"{job.Place.Name}/{name}", trace.Correlation), cancellationToken);

    /// <summary>When the files are written, or not.</summary>
    public Task UnloadEndedAsync(UnloadJob job)
    {
        var progress = job.Progress;
        var files = progress.Result is { } result ? string.Create(CultureInfo.InvariantCulture, $"{SizeWords.Files(result.Files.Count)}, {(result.Rows is { } rows ? Rows(rows) : "rows not told")}") : "no files";
        var detail = $"{job.Place.Name}; {files}{(progress.StatementId is { } statement ? $", {statement}" : "")}{(progress.Problem is { } problem ? $"; {Short(problem.Reason)}" : "")}";
        return EndAsync(job.QueryId, new AuditEntry(time.GetUtcNow(), job.User.Name, "endUnload", job.QueryId, job.Trace.From, progress.State == QueryState.Succeeded ? "ok" : WireJson.Word(progress.State), detail, job.Trace.Correlation));
    }

    private async Task EndAsync(string id, AuditEntry entry)
    {
        try
        {
            await audit.AppendAsync(entry, CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.EndNotAudited(id, e);
        }
    }

    private static string Rows(long rows) => string.Create(CultureInfo.InvariantCulture, $"{rows} rows");

    private static string Text(WarehouseQuery query)
    {
        var values = string.Join(", ", query.Parameters.Select(value => string.Create(CultureInfo.InvariantCulture, $":{value.Key} = {(value.Value is null ? "null" : Short(Convert.ToString(value.Value, CultureInfo.InvariantCulture)!))}")));
        return Short(query.Text) + (values.Length == 0 ? "" : $" [{Short(values)}]");
    }

    /// <summary>A text as the audit keeps it.</summary>
    public static string Short(string text) => text.Length <= Longest
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text[..Longest]}… ({text.Length} characters, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))})");
}
