using System.Globalization;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>Keeps what each user ran, so that another browser and the portal after a restart know it too. It is a help: when it cannot be kept, the query has run all the same.</summary>
internal sealed class QueryNotes(IQueryHistory history, IOptions<WorkbenchOptions> options, ILogger<QueryNotes> logger)
{
    public async Task KeepAsync(QueryJob job)
    {
        var progress = job.Progress;
        var took = progress.StartedAt is { } started && progress.EndedAt is { } ended && ended > started ? ended - started : TimeSpan.Zero;
        try
        {
            var run = new PastQuery(
                job.Id, job.Query.Text, job.Query.Parameters.ToDictionary(value => value.Key, value => Value(value.Value)), WireJson.Word(progress.State), job.AskedAt, took, job.Spool.Rows, progress.Problem?.Reason);
            await history.NoteAsync(job.User, run, options.Value.HistoryPerUser, CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.RunNotKept(job.Id, e);
        }
    }

    private static SavedValue Value(object? value) => value switch
    {
        null => new SavedValue("null", ""),
        string text => new SavedValue("text", text),
        bool truth => new SavedValue("boolean", truth ? "true" : "false"),
        DateTimeOffset at => new SavedValue("time", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture)),
        _ => new SavedValue("number", Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };
}
