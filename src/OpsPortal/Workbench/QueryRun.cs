using System.Globalization;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>Runs one query to its end, whatever that is, and keeps its rows.</summary>
internal sealed class QueryRun(IWarehouse warehouse, TimeProvider time, ILogger<QueryRun> logger)
{
    /// <summary>Never throws: what happens is the job's to say.</summary>
    public async Task ToEndAsync(QueryJob job, WorkbenchOptions options)
    {
        try
        {
            // One row more than is kept tells whether there are more.
            await using var result = await warehouse.RunAsync(job.User, job.Query with { Rows = options.ScreenRows }, job.Cancelled);
            job.Found(result);
            var cut = await KeepAsync(job, result, options);
            job.End(QueryState.Succeeded, time.GetUtcNow(), cut);
        }
        catch (Exception e)
        {
            // Rows found before the end stay, and are said to be a part.
            TryFlush(job);
            var isCancelled = job.Cancelled.IsCancellationRequested;
            job.End(isCancelled ? QueryState.Cancelled : QueryState.Failed, time.GetUtcNow(), problem: isCancelled ? null : Problem(job.Id, e));
        }
    }

    private static async Task<string?> KeepAsync(QueryJob job, IWarehouseResult result, WorkbenchOptions options)
    {
        var looked = Environment.TickCount64;
        while (await result.ReadAsync(job.Cancelled))
        {
            job.Spool.Add(result);
            if (job.Spool.Bytes > options.ScreenBytes)
            {
                job.Spool.Flush();
                return string.Create(CultureInfo.InvariantCulture, $"The first {job.Spool.Rows:N0} rows are kept, as many as {options.ScreenBytes:N0} bytes hold. A download has all.");
            }

            if (Environment.TickCount64 - looked > 250)
            {
                job.Spool.Flush();
                looked = Environment.TickCount64;
            }
        }

        job.Spool.Flush();
        return result.IsCut ? string.Create(CultureInfo.InvariantCulture, $"The first {job.Spool.Rows:N0} rows are kept, as many as a screen takes. A download has up to {options.DownloadRows:N0}.") : null;
    }

    private static void TryFlush(QueryJob job)
    {
        try
        {
            job.Spool.Flush();
        }
        catch (IOException)
        {
            // The disk is full: that is the problem told already.
        }
    }

    /// <summary>A failure in words for who asked; what is the portal's own goes to the log.</summary>
    public QueryProblem Problem(string id, Exception failure)
    {
        switch (failure)
        {
            case QueryFailedException mistake:
                return new QueryProblem(mistake.Message, mistake.Position);
            case QueryRefusedException refused:
                return new QueryProblem(refused.Message, refused.Position);
            case QueryCutException or WarehouseDeniedException:
                return new QueryProblem(failure.Message, null);
            case StoreUnavailableException unavailable:
                return new QueryProblem($"The {unavailable.Store} {(unavailable.Store == "warehouse" ? "" : "store ")}cannot be reached now: {unavailable.Problem}", null);
            case IOException:
                logger.QueryFailed(id, failure);
                return new QueryProblem("The portal's disk cannot take the result. Ask for less, or tell an administrator.", null);
            default:
                logger.QueryFailed(id, failure);
                return new QueryProblem($"Something failed in the portal; it is in the log under query {id}.", null);
        }
    }
}
