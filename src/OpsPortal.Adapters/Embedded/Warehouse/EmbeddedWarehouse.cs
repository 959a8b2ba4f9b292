using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>The warehouse on one machine: processed tables in a file of their own, asked over connections that can do nothing but read the operator's part of them.</summary>
internal sealed class EmbeddedWarehouse(EmbeddedFiles files, IOptions<DataOptions> options, TimeProvider time) : IWarehouse
{
    // Until a plan or a count is given up.
    private static readonly TimeSpan EstimateTime = TimeSpan.FromSeconds(2);

    private const string ExplainPrefix = "EXPLAIN QUERY PLAN ";

    private readonly DataOptions _options = options.Value;

    // As many as scopes that asked lately.
    private readonly ConcurrentDictionary<string, TableCounts> _counts = new(StringComparer.Ordinal);

    // As many as queries that run: they are disposed by who runs them.
    private readonly ConcurrentDictionary<string, (string UserId, RunningStatement Statement)> _running = new(StringComparer.Ordinal);
    private long _number;

    public WarehouseDialect Dialect => WarehouseDialect.Sqlite;

    private static WarehouseLayout Layout { get; } = new(null, null, "SQLite has no distribution and sort keys; tables lie in the order of their primary key.");

    public async Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken)
    {
        var text = Read(query);
        await MakeSureOfTablesAsync(cancellationToken);
        var id = string.Create(CultureInfo.InvariantCulture, $"query {Interlocked.Increment(ref _number)}");
        var (connection, command) = Open(user.Scope, text, query.Parameters);
        _running[id] = (user.Id, new RunningStatement(id, text.Text, time.GetUtcNow()));
        var limit = query.LimitWithin(_options.QueryTime);
        return await EmbeddedResult.StartAsync(id, connection, command, query.Rows, limit, time, () => _running.TryRemove(id, out _), cancellationToken);
    }

    public async Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken)
    {
        var text = Read(query);
        await MakeSureOfTablesAsync(cancellationToken);
        var plan = new QueryPlan();
        try
        {
            var (connection, command) = Open(user.Scope, text, query.Parameters, ExplainPrefix);
            await using var steps = await EmbeddedResult.StartAsync("plan", connection, command, null, EstimateTime, time, () => { }, cancellationToken);
            while (await steps.ReadAsync(cancellationToken))
            {
                plan.Add((int)TableCounts.Read(steps[0]), (int)TableCounts.Read(steps[1]), steps[3]!);
            }
        }
        catch (QueryFailedException e) when (e.Position is { } place)
        {
            throw new QueryFailedException(e.Message, Math.Max(0, place - ExplainPrefix.Length), e.StatementId, e);
        }

        return plan.Estimate(await CountsOf(user.Scope).OfAsync(plan.Tables, cancellationToken), QueryEstimate.FirstRowsOf(text.Text));
    }

    public async Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken)
    {
        await MakeSureOfTablesAsync(cancellationToken);
        await using var connection = OpenFile(user.Scope, describes: true);
        var counts = await CountsOf(user.Scope).OfAsync(QueryConnection.Views, cancellationToken);
        var tables = new List<WarehouseTable>();
        foreach (var view in QueryConnection.Views.Order(StringComparer.Ordinal))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT name, type FROM pragma_table_info($view)";
            command.Parameters.AddWithValue("$view", view);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var columns = new List<WarehouseColumn>();
            while (await reader.ReadAsync(cancellationToken))
            {
                columns.Add(EmbeddedTypes.Column(reader.GetString(0), reader.GetString(1) is { Length: > 0 } type ? type : "INTEGER"));
            }

            tables.Add(new WarehouseTable(view, columns, counts.TryGetValue(view, out var rows) ? rows : null, Layout));
        }

        return tables;
    }

    public Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RunningStatement>>([.. _running.Values.Where(running => running.UserId == user.Id).Select(running => running.Statement).OrderBy(statement => statement.StartedAt)]);

    private static QueryText Read(WarehouseQuery query)
    {
        var text = QueryText.Read(query.Text);
        text.CheckForSqlite();
        text.CheckValues(query.Parameters);
        return text;
    }

    // A file opened for reading only must be there.
    private Task<long?> MakeSureOfTablesAsync(CancellationToken cancellationToken) => files.Warehouse.ReadAsync(static session => session.Number("SELECT 1"), cancellationToken);

    private TableCounts CountsOf(Scope scope)
    {
        if (_counts.Count > 1_000)
        {
            _counts.Clear();
        }

        return _counts.GetOrAdd(scope.Key, _ => new TableCounts((table, token) => CountAsync(scope, table, token), time));
    }

    private async Task<long?> CountAsync(Scope scope, string table, CancellationToken cancellationToken)
    {
        // One of the views' names, never a text of the operator's.
        var (connection, command) = Open(scope, QueryText.Own($"SELECT COUNT(*) FROM {table}"), new Dictionary<string, object?>());
        try
        {
            await using var result = await EmbeddedResult.StartAsync("count", connection, command, null, EstimateTime, time, () => { }, cancellationToken);
            return await result.ReadAsync(cancellationToken) ? TableCounts.Read(result[0]) : null;
        }
        catch (QueryCutException)
        {
            return null;
        }
    }

    private (SqliteConnection Connection, SqliteCommand Command) Open(Scope scope, QueryText text, IReadOnlyDictionary<string, object?> values, string prefix = "")
    {
        var connection = OpenFile(scope, describes: false);
        var command = connection.CreateCommand();
        // The operator's own text: read by QueryText, run on a connection that reads the operator's views only; values travel as parameters.
#pragma warning disable CA2100
        command.CommandText = prefix + text.Text;
#pragma warning restore CA2100
        foreach (var name in text.Parameters)
        {
            command.Parameters.AddWithValue($":{name}", Value(values[name]));
        }

        return (connection, command);
    }

    private SqliteConnection OpenFile(Scope scope, bool describes)
    {
        try
        {
            return QueryConnection.Open(files.Warehouse.Path, scope, describes);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException("warehouse", SqliteProblem.Of(e, _options) ?? e.Message, e);
        }
    }

    // Times as the tables write them.
    private static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset at => WarehouseFilling.Text(at.UtcTicks),
        decimal number => (double)number,
        _ => value,
    };
}
