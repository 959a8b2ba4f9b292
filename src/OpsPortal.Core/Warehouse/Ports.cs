using OpsPortal.Core.Access;

namespace OpsPortal.Core.Warehouse;

/// <summary>
/// The processed tables, asked in SQL by people. Every adapter holds three walls of its own: the database's rights of this user (and
/// no other), a transaction that only reads, and limits of time and rows; <see cref="QueryText"/> is the wall before them. What a
/// user's scope does not include is not there: no row, no count.
/// </summary>
public interface IWarehouse
{
    /// <summary>The SQL spoken here.</summary>
    WarehouseDialect Dialect { get; }

    /// <summary>Starts a query and returns when its first rows are there. Dispose the result: that ends the statement on the server, also in mid-result.</summary>
    /// <param name="cancellationToken">Cancels on the server, also while rows are read.</param>
    /// <exception cref="QueryRefusedException">It is no single query.</exception>
    /// <exception cref="QueryFailedException">The server found a mistake in it.</exception>
    /// <exception cref="QueryCutException">A limit ended it.</exception>
    /// <exception cref="WarehouseDeniedException">This user has no access.</exception>
    /// <exception cref="Health.StoreUnavailableException">The warehouse cannot be reached, or went away in mid-result.</exception>
    Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken);

    /// <summary>What a query would read, by the server's own plan, without running it. Takes some seconds at most.</summary>
    /// <exception cref="QueryRefusedException">It is no single query.</exception>
    /// <exception cref="QueryFailedException">The server found a mistake in it, or makes no plan of it.</exception>
    /// <exception cref="QueryCutException">There was no plan in time.</exception>
    /// <exception cref="WarehouseDeniedException">This user has no access.</exception>
    /// <exception cref="Health.StoreUnavailableException">The warehouse cannot be reached.</exception>
    Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken);

    /// <summary>The tables this user may ask for, with their columns, by name.</summary>
    Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken);

    /// <summary>Statements of this user that the server itself says are running.</summary>
    Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken);
}

/// <summary>Which SQL a warehouse speaks.</summary>
public enum WarehouseDialect
{
    /// <summary>SQLite: the embedded warehouse.</summary>
    Sqlite,

    /// <summary>Amazon Redshift, and what PostgreSQL has in common with it.</summary>
    Redshift,
}

/// <summary>A query as asked.</summary>
/// <param name="Text">One SELECT, WITH or VALUES, with parameters as <c>:name</c>.</param>
/// <param name="Parameters">A value for every parameter: text, long, double, decimal, bool, <see cref="DateTimeOffset"/> or null.</param>
/// <param name="Rows">At most so many rows are given; null = all.</param>
/// <param name="Time">Time limit of its own, at most the adapter's; null = the adapter's.</param>
/// <param name="IsLong">Whether its own time limit may be longer than the adapter's, as that of a large result on its way to a file.</param>
public sealed record WarehouseQuery(string Text, IReadOnlyDictionary<string, object?> Parameters, long? Rows = null, TimeSpan? Time = null, bool IsLong = false)
{
    /// <summary>The limit that holds.</summary>
    public TimeSpan LimitWithin(TimeSpan adapters) => Time is { } own && (IsLong || own < adapters) ? own : adapters;
}

/// <summary>Rows as the server gives them, one after another and never all at once. For one reader.</summary>
public interface IWarehouseResult : IAsyncDisposable
{
    /// <summary>What the server calls the statement, for its logs.</summary>
    string StatementId { get; }

    IReadOnlyList<WarehouseColumn> Columns { get; }

    /// <summary>Rows given so far.</summary>
    long Count { get; }

    /// <summary>True when there were more rows than asked for.</summary>
    bool IsCut { get; }

    /// <summary>Goes to the next row; false at the end. Throws as <see cref="IWarehouse.RunAsync"/> does.</summary>
    ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The row's value as text, exactly as the server says it, or null. A text and not a number: a decimal of 38 digits, an
    /// infinity or a date before Christ has no type of ours. Times are UTC, <c>2026-11-28 22:00:00.123</c>; truth is <c>true</c>, <c>false</c>.
    /// </summary>
    string? this[int column] { get; }
}

/// <summary>A column of a result or table.</summary>
/// <param name="ServerType">As the server calls it.</param>
public sealed record WarehouseColumn(string Name, WarehouseType Type, string ServerType);

/// <summary>What a column's texts mean.</summary>
public enum WarehouseType
{
    Text,

    /// <summary>Whole number.</summary>
    WholeNumber,

    /// <summary>Number of any kind.</summary>
    Number,

    Boolean,

    /// <summary>A day, or a day and a time (UTC).</summary>
    Time,
}

/// <summary>A table or view that may be asked for.</summary>
/// <param name="Rows">As many as this user sees, counted or the server's own estimate; null when there is none of what this user sees.</param>
public sealed record WarehouseTable(string Name, IReadOnlyList<WarehouseColumn> Columns, long? Rows, WarehouseLayout Layout);

/// <summary>How a table lies on the server.</summary>
/// <param name="Distribution">As Redshift writes it, such as KEY(train); null when it is not known.</param>
/// <param name="SortKey">First column it is sorted by; null when there is none or it is not known.</param>
/// <param name="Absent">Why nothing is known; null when it is.</param>
public sealed record WarehouseLayout(string? Distribution, string? SortKey, string? Absent);

/// <summary>A statement that runs now.</summary>
public sealed record RunningStatement(string StatementId, string Text, DateTimeOffset StartedAt);

/// <summary>A text that is no single query. The message is for the operator.</summary>
/// <param name="position">Where, from 0; null for the whole.</param>
public sealed class QueryRefusedException(string reason, int? position) : Exception(reason)
{
    public int? Position { get; } = position;
}

/// <summary>The server found a mistake. The message is the server's own.</summary>
/// <param name="position">Where in the query's text, from 0; null when the server does not say.</param>
public sealed class QueryFailedException(string reason, int? position, string statementId, Exception? cause = null) : Exception(reason, cause)
{
    public int? Position { get; } = position;

    public string StatementId { get; } = statementId;
}

/// <summary>A limit ended the query. The message says which.</summary>
public sealed class QueryCutException(string reason, string statementId, Exception? cause = null) : Exception(reason, cause)
{
    public string StatementId { get; } = statementId;
}

/// <summary>This user has no access to the warehouse. Never answered by another, more powerful user's access.</summary>
public sealed class WarehouseDeniedException(string reason, Exception? cause = null) : Exception(reason, cause);
