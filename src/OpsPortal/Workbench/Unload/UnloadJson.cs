using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench.Unload;

/// <summary>That a query's whole rows are wanted as files.</summary>
/// <param name="Override">Also where the query reads more than the guard lets through, for who may.</param>
internal sealed record UnloadRequest(bool? Override);

/// <summary>A Parquet file of a query's rows.</summary>
/// <param name="Bytes">Null when the warehouse does not say.</param>
/// <param name="Rows">Null when the warehouse does not say.</param>
/// <param name="Link">Leads, while you may, to an address that holds for five minutes at most.</param>
internal sealed record UnloadFileJson(string Name, string Key, long? Bytes, long? Rows, string Link);

/// <summary>A query's whole rows on their way into files, or there.</summary>
/// <param name="Rows">Of all files; null before the end, and when the warehouse does not say.</param>
/// <param name="StatementId">What the warehouse calls it, for its logs.</param>
/// <param name="RemovedAt">Then the files go.</param>
internal sealed record UnloadJson(
    QueryState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double Seconds, long? Rows, IReadOnlyList<UnloadFileJson> Files, string? Error, string? StatementId, DateTimeOffset RemovedAt)
{
    public static UnloadJson Of(UnloadJob job, DateTimeOffset now)
    {
        var progress = job.Progress;
        var seconds = Math.Round(Math.Max(0, ((progress.EndedAt ?? now) - job.StartedAt).TotalSeconds), 3);
        return new UnloadJson(
            progress.State, job.StartedAt, progress.EndedAt, seconds, progress.Result?.Rows, [.. (progress.Result?.Files ?? []).Select(file => Of(job, file))], progress.Problem?.Reason, progress.StatementId, job.Place.Until);
    }

    private static UnloadFileJson Of(UnloadJob job, UnloadedFile file) => new(file.Name, file.Key, file.Bytes, file.Rows, $"/api/queries/{job.QueryId}/files/{file.Name}");
}
