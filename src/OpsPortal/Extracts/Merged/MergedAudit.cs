using System.Globalization;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts.Merged;

/// <summary>Writes down who had what merged, and took it away.</summary>
internal sealed class MergedAudit(IAuditLog audit, TimeProvider time, ILogger<MergedAudit> logger)
{
    /// <summary>Before it begins: what cannot be written down is not done.</summary>
    public Task AskedAsync(MergedAsk ask, CancellationToken cancellationToken) =>
        audit.AppendAsync(Entry(ask, ask.MakerName, "askMerged", ask.Trace, "ok", $"{WireJson.Word(ask.Format)}, {Count(ask.Files, "files")}, {Count(ask.Request.Trains.Count, "trains")}"), cancellationToken);

    /// <param name="act">cancelMerged, resumeMerged or removeMerged.</param>
    public Task ActedAsync(MergedAsk ask, User user, string act, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(Entry(ask, user.Name, act, trace, "ok", null), cancellationToken);

    /// <summary>Before the first byte is handed out.</summary>
    public Task FetchedAsync(MergedJob job, User user, string? range, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            Entry(job.Ask, user.Name, "fetchMerged", trace, "ok", $"{Count(job.Progress.Tally.Rows, "rows")}, {Count(job.Progress.Tally.Length, "bytes")}{(range is null ? "" : $", from {range}")}"), cancellationToken);

    /// <summary>Its end. It has been made already, so a log that cannot take it is told to the operator of the portal.</summary>
    public async Task EndedAsync(MergedJob job)
    {
        var progress = job.Progress;
        var detail = $"{Count(progress.Tally.Files, "files read")}, {Count(progress.Tally.LeftOut, "left out")}, {Count(progress.Tally.Rows, "rows")}{(progress.Problem is null ? "" : $"; {progress.Problem}")}";
        try
        {
            var outcome = progress.State == MergedState.Succeeded ? "ok" : WireJson.Word(progress.State);
            await audit.AppendAsync(Entry(job.Ask, job.Ask.MakerName, "endMerged", job.Ask.Trace, outcome, detail), CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.EndNotAudited(job.Ask.Id, e);
        }
    }

    private AuditEntry Entry(MergedAsk ask, string who, string act, CallerTrace trace, string outcome, string? detail) => new(
        time.GetUtcNow(), who, act, ask.Id, trace.From, outcome, $"of extract {ask.ExtractId}{(detail is null ? "" : $": {detail}")}", trace.Correlation);

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}");
}
