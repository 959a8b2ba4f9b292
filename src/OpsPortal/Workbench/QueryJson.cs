using System.Globalization;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>A query to run.</summary>
/// <param name="Sql">One SELECT, WITH or VALUES; parameters are written :name.</param>
/// <param name="Parameters">A value for each parameter.</param>
/// <param name="Override">Runs also what would read more than the guard lets through, for who may.</param>
internal sealed record AskQueryRequest(string? Sql, IReadOnlyDictionary<string, QueryValue?>? Parameters, bool? Override);

/// <summary>A query whose cost is asked for.</summary>
/// <param name="Sql">One SELECT, WITH or VALUES; parameters are written :name.</param>
/// <param name="Parameters">A value for each parameter.</param>
internal sealed record EstimateQueryRequest(string? Sql, IReadOnlyDictionary<string, QueryValue?>? Parameters);

/// <summary>What a query would cost, as far as the warehouse tells.</summary>
/// <param name="Words">What is read, in words.</param>
/// <param name="Plan">The warehouse's steps, indented.</param>
/// <param name="Rows">Rows of the largest step, about; null when they are not told.</param>
/// <param name="Bytes">Bytes of all that is read, about; null when they are not told.</param>
/// <param name="Unknown">Why rows are not told; null when they are.</param>
/// <param name="Over">Whether it runs only with override.</param>
/// <param name="Limit">Rows that run unasked; null for any number.</param>
internal sealed record QueryEstimateJson(IReadOnlyList<string> Words, IReadOnlyList<string> Plan, double? Rows, double? Bytes, string? Unknown, bool Over, long? Limit)
{
    public static QueryEstimateJson Of(QueryEstimate estimate, QueryGuard guard) =>
        new(estimate.Words, estimate.Plan, Finite(estimate.Rows), Finite(estimate.Bytes), estimate.Unknown, guard.IsOver(estimate), guard.Limit);

    private static double? Finite(double? number) => number is { } known && double.IsFinite(known) ? Math.Round(known) : null;
}

/// <summary>A query that was taken.</summary>
internal sealed record AskedQueryJson(string Id);

/// <summary>A column of a result or a table.</summary>
/// <param name="ServerType">As the warehouse calls it.</param>
internal sealed record ColumnJson(string Name, WarehouseType Type, string ServerType)
{
    public static IReadOnlyList<ColumnJson> Of(IReadOnlyList<WarehouseColumn> columns) => [.. columns.Select(column => new ColumnJson(column.Name, column.Type, column.ServerType))];
}

/// <summary>Why a query came to nothing.</summary>
/// <param name="Position">Where in the text, in UTF-16 units from 0; null when the server does not say.</param>
internal sealed record QueryErrorJson(string Reason, int? Position);

/// <summary>A query and how far it is.</summary>
/// <param name="Rows">Rows that can be read so far.</param>
/// <param name="Cut">Why there are more rows than can be read here; null when all are here.</param>
/// <param name="DownloadRows">At most so many rows come with a download.</param>
/// <param name="StatementId">What the warehouse calls it, for its logs.</param>
/// <param name="KeptUntil">Null while it waits or runs.</param>
/// <param name="Files">Whether all rows are written as files, or are on their way there.</param>
internal sealed record QueryJson(
    string Id, QueryState State, string Sql, DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, double Seconds, long Rows, long Bytes, string? Cut, long ScreenRows, long DownloadRows,
    IReadOnlyList<ColumnJson>? Columns, QueryErrorJson? Error, string? StatementId, DateTimeOffset? KeptUntil, bool Files)
{
    public static QueryJson Of(QueryJob job, WorkbenchOptions options, DateTimeOffset now, bool hasFiles)
    {
        var progress = job.Progress;
        var seconds = progress.StartedAt is { } started ? ((progress.EndedAt ?? now) - started).TotalSeconds : 0;
        return new QueryJson(
            job.Id, progress.State, job.Query.Text, job.AskedAt, progress.StartedAt, progress.EndedAt, Math.Round(Math.Max(0, seconds), 3), job.Spool.Rows, job.Spool.Bytes, progress.Cut, options.ScreenRows, options.DownloadRows,
            progress.Columns is { } columns ? ColumnJson.Of(columns) : null, progress.Problem is { } problem ? new QueryErrorJson(problem.Reason, problem.Position) : null, progress.StatementId, progress.EndedAt + options.KeepFor, hasFiles);
    }
}

/// <summary>Rows of a result.</summary>
/// <param name="Rows">Cells in the columns' order. Numbers that a double does not keep and times (UTC) are texts.</param>
/// <param name="From">Number of the first row, from 0.</param>
/// <param name="Count">Rows that can be read so far.</param>
internal sealed record QueryRowsJson(IReadOnlyList<ColumnJson> Columns, IReadOnlyList<IReadOnlyList<QueryValue?>> Rows, long From, long Count, QueryState State, string? Cut);

/// <summary>A table that may be asked for.</summary>
/// <param name="Rows">About so many rows that you see; null when it is not known.</param>
/// <param name="Distribution">How Redshift spreads it over its nodes; null when it is not known.</param>
/// <param name="SortKey">What Redshift sorts it by; null when there is none or it is not known.</param>
/// <param name="LayoutAbsent">Why distribution and sort key are not known; null when they are.</param>
internal sealed record TableJson(string Name, IReadOnlyList<ColumnJson> Columns, long? Rows, string? Distribution, string? SortKey, string? LayoutAbsent)
{
    public static TableJson Of(WarehouseTable table) => new(table.Name, ColumnJson.Of(table.Columns), table.Rows, table.Layout.Distribution, table.Layout.SortKey, table.Layout.Absent);
}

/// <summary>What may be asked for, and in which SQL.</summary>
internal sealed record SchemaJson(WarehouseDialect Dialect, IReadOnlyList<TableJson> Tables);

/// <summary>Queries to begin with, in the warehouse's own SQL.</summary>
internal sealed record StartersJson(WarehouseDialect Dialect, IReadOnlyList<StarterQuery> Items);

/// <summary>The place of a page in a result.</summary>
internal static class RowPlace
{
    /// <summary>A whole number within bounds; null when it is none.</summary>
    public static long? Read(string? text, long otherwise, long least, long most) =>
        text is null ? otherwise : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
