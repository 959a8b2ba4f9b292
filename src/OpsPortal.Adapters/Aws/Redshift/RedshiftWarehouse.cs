using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>
/// The warehouse in Amazon Redshift (or PostgreSQL, for tests). Every query is one read-only transaction in a session of the operator's own database
/// user, so that Redshift's grants and row-level security hold; it is rolled back at its end, and with it whatever it set.
/// </summary>
internal sealed class RedshiftWarehouse(OperatorSessions sessions, RedshiftHealth health, IOptions<RedshiftOptions> options, TimeProvider time) : IWarehouse
{
    // Until a plan is given up.
    private static readonly TimeSpan EstimateTime = TimeSpan.FromSeconds(5);

    private readonly RedshiftOptions _options = options.Value;

    // Until the bytes of rows are given up: a plan without them is better than none.
    private static readonly TimeSpan RowBytesTime = TimeSpan.FromSeconds(2);

    // By database user: whether one may read SVV_TABLE_INFO is the server's to say. As many as there are operators.
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyDictionary<string, double> Known)> _rowBytes = new();

    // A server stays what it is.
    private bool? _isRedshift;

    public WarehouseDialect Dialect => WarehouseDialect.Redshift;

    public async Task<IWarehouseResult> RunAsync(User user, WarehouseQuery query, CancellationToken cancellationToken)
    {
        var text = QueryText.Read(query.Text);
        text.CheckValues(query.Parameters);
        return await RunAsync(user, text, query, cancellationToken);
    }

    public async Task<QueryEstimate> EstimateAsync(User user, WarehouseQuery query, CancellationToken cancellationToken)
    {
        var text = QueryText.Read(query.Text);
        text.CheckValues(query.Parameters);
        // Also waiting for a connection ends: while all of a user's run queries there is none.
        using var tooLong = new CancellationTokenSource(EstimateTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooLong.Token);
        try
        {
            var lines = await ExplainAsync(user, text, query, both.Token);
            var tellsRows = user.Scope.IsWholeFleet;
            var sizes = new TableSizes(await EstimatedRowsAsync(user, both.Token), tellsRows ? await RowBytesAsync(user, cancellationToken) : TableSizes.Unknown);
            return ServerPlan.Read(lines, sizes, tellsRows, QueryEstimate.FirstRowsOf(text.Text));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QueryCutException($"The warehouse has made no plan within {ServerProblem.InWords(EstimateTime)}; it is busy, perhaps with queries of yours.", "explain", e);
        }
    }

    public async Task<IReadOnlyList<WarehouseTable>> DescribeAsync(User user, CancellationToken cancellationToken)
    {
        var sizes = user.Scope.IsWholeFleet ? await EstimatedRowsAsync(user, cancellationToken) : [];
        var layouts = await LayoutsAsync(user, cancellationToken);
        // What the user may not ask for is not described.
        const string Columns = """
            SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
            WHERE c.table_schema = :schema AND has_table_privilege(c.table_schema || '.' || c.table_name, 'select') AND c.table_name <> 'user_scopes'
            ORDER BY c.table_name, c.ordinal_position
            """;
        var rows = await ReadAllAsync(user, Columns, new() { ["schema"] = _options.Schema }, cancellationToken);
        return [.. rows.GroupBy(row => row[0]!, StringComparer.Ordinal).Select(table =>
            new WarehouseTable(
                table.Key, [.. table.Select(row => new WarehouseColumn(row[1]!, ServerTypes.Named(row[2]!), row[2]!))], sizes.TryGetValue(table.Key, out var size) ? size : null, layouts(table.Key)))];
    }

    public async Task<IReadOnlyList<RunningStatement>> FindRunningAsync(User user, CancellationToken cancellationToken)
    {
        var label = sessions.LabelOf(user);
        const string OnRedshift = "SELECT pid, text, starttime FROM stv_inflight WHERE label = :label ORDER BY starttime";
        const string OnPostgres = "SELECT pid, query, query_start FROM pg_stat_activity WHERE application_name = :label AND state = 'active' AND pid <> pg_backend_pid() ORDER BY query_start";
        var isRedshift = await IsRedshiftAsync(user, cancellationToken);
        var rows = await ReadAllAsync(user, isRedshift ? OnRedshift : OnPostgres, new() { ["label"] = label }, cancellationToken);
        return [.. rows.Where(row => row[2] is not null).Select(row => new RunningStatement(
            $"pid {row[0]}", row[1]!.Trim(), DateTimeOffset.Parse(row[2]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)))];
    }

    private async Task<List<string>> ExplainAsync(User user, QueryText text, WarehouseQuery query, CancellationToken cancellationToken)
    {
        await using var steps = await RunAsync(user, text, query with { Rows = null, Time = EstimateTime }, cancellationToken, "EXPLAIN ");
        var lines = new List<string>();
        while (await steps.ReadAsync(cancellationToken))
        {
            lines.Add(steps[0]!);
        }

        return lines;
    }

    // Kept by ANALYZE; a table that was never looked at has none.
    private async Task<Dictionary<string, long>> EstimatedRowsAsync(User user, CancellationToken cancellationToken)
    {
        const string Sizes = "SELECT c.relname, CAST(c.reltuples AS BIGINT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema AND c.relkind = 'r' AND c.reltuples > 0";
        var rows = await ReadAllAsync(user, Sizes, new() { ["schema"] = _options.Schema }, cancellationToken);
        return rows.ToDictionary(row => row[0]!, row => long.Parse(row[1]!, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<string, double>> RowBytesAsync(User user, CancellationToken cancellationToken)
    {
        var key = DatabaseUser.Of(user, _options).Key;
        if (_rowBytes.TryGetValue(key, out var kept) && time.GetUtcNow() - kept.At < TableSizes.KeptFor)
        {
            return kept.Known;
        }

        IReadOnlyDictionary<string, double> known;
        using var tooLong = new CancellationTokenSource(RowBytesTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooLong.Token);
        try
        {
            known = await ReadRowBytesAsync(user, both.Token);
        }
        catch (Exception e) when (e is QueryFailedException or QueryCutException or StoreUnavailableException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // By default only superusers read it.
            known = TableSizes.Unknown;
        }

        _rowBytes[key] = (time.GetUtcNow(), known);
        return known;
    }

    private async Task<IReadOnlyDictionary<string, double>> ReadRowBytesAsync(User user, CancellationToken cancellationToken)
    {
        // Asked first, since a query that fails costs the connection.
        const string Has = "SELECT relname FROM pg_class WHERE relname = 'svv_table_info'";
        // Blocks of 1 MB, of all columns; rows also those that are deleted and still take room.
        const string Sizes = "SELECT \"table\", size, CAST(tbl_rows AS BIGINT) FROM svv_table_info WHERE \"schema\" = :schema AND tbl_rows > 0";
        if ((await ReadAllAsync(user, Has, [], cancellationToken)).Count == 0)
        {
            return TableSizes.Unknown;
        }

        var rows = await ReadAllAsync(user, Sizes, new() { ["schema"] = _options.Schema }, cancellationToken, RowBytesTime);
        return rows.Where(row => row[1] is not null).ToDictionary(
            row => row[0]!, row => double.Parse(row[1]!, CultureInfo.InvariantCulture) * (1 << 20) / long.Parse(row[2]!, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private async Task<Func<string, WarehouseLayout>> LayoutsAsync(User user, CancellationToken cancellationToken)
    {
        const string Layouts = "SELECT \"table\", diststyle, sortkey1 FROM svv_table_info WHERE \"schema\" = :schema";
        if (!await IsRedshiftAsync(user, cancellationToken))
        {
            return static _ => new WarehouseLayout(null, null, "PostgreSQL stands in for Redshift here: it has no distribution and sort keys.");
        }

        try
        {
            var rows = await ReadAllAsync(user, Layouts, new() { ["schema"] = _options.Schema }, cancellationToken);
            var known = rows.ToDictionary(row => row[0]!, row => new WarehouseLayout(row[1], row[2], null), StringComparer.Ordinal);
            return table => known.GetValueOrDefault(table, new WarehouseLayout(null, null, "Redshift says nothing of it: it is a view, or empty."));
        }
        catch (QueryFailedException e)
        {
            // By default only superusers read it.
            return _ => new WarehouseLayout(null, null, $"Redshift does not say: {e.Message}");
        }
    }

    private async Task<IWarehouseResult> RunAsync(User user, QueryText text, WarehouseQuery query, CancellationToken cancellationToken, string prefix = "")
    {
        try
        {
            var result = await StartAsync(user, text, query, prefix, cancellationToken);
            health.Note(null);
            return result;
        }
        catch (StoreUnavailableException e)
        {
            health.Note(e.Problem);
            throw;
        }
    }

    private async Task<IWarehouseResult> StartAsync(User user, QueryText text, WarehouseQuery query, string prefix, CancellationToken cancellationToken)
    {
        var limit = query.LimitWithin(_options.QueryTime);
        var session = await sessions.BeginAsync(user, limit, cancellationToken);
        var running = new RunningQuery(text, prefix.Length, query.Rows, limit, time);
        NpgsqlCommand? command = null;
        try
        {
            command = Command(session.Connection, prefix, text, query.Parameters, running.CommandTimeout);
            var reader = await running.GuardAsync(() => command.ExecuteReaderAsync(running.Token(cancellationToken)), session, cancellationToken);
            return new RedshiftResult(session, command, reader, running);
        }
        catch
        {
            if (command is not null)
            {
                await command.DisposeAsync();
            }

            await session.DisposeAsync();
            running.Dispose();
            throw;
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string prefix, QueryText text, IReadOnlyDictionary<string, object?> values, int timeout)
    {
        // The operator's own text: read by QueryText, run in a read-only transaction with the operator's own rights; values travel as parameters.
#pragma warning disable CA2100
        var command = new NpgsqlCommand(prefix + text.WithNumbers(), connection) { AllResultTypesAreUnknown = true, CommandTimeout = timeout };
#pragma warning restore CA2100
        foreach (var name in text.Parameters)
        {
            command.Parameters.Add(Parameter(values[name]));
        }

        return command;
    }

    // The server finds out the type of a text from where it stands: '2026-11-28' is a time beside a time.
    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Unknown },
        string text => new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Unknown },
        DateTimeOffset at => new NpgsqlParameter { Value = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture), NpgsqlDbType = NpgsqlDbType.Unknown },
        int number => new NpgsqlParameter<long> { TypedValue = number },
        long number => new NpgsqlParameter<long> { TypedValue = number },
        double number => new NpgsqlParameter<double> { TypedValue = number },
        decimal number => new NpgsqlParameter<decimal> { TypedValue = number },
        bool truth => new NpgsqlParameter<bool> { TypedValue = truth },
        _ => throw new ArgumentException($"A {value.GetType().Name} is no value of a query.", nameof(value)),
    };

    private async Task<bool> IsRedshiftAsync(User user, CancellationToken cancellationToken)
    {
        if (_isRedshift is not { } known)
        {
            await using var session = await sessions.OpenAsync(user, cancellationToken);
            _isRedshift = known = session.IsRedshift;
        }

        return known;
    }

    // The product's own queries: not read by QueryText, which refuses the catalogue's functions to people.
    private async Task<List<string?[]>> ReadAllAsync(User user, string sql, Dictionary<string, object?> values, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        var text = QueryText.Own(sql);
        await using var result = await RunAsync(user, text, new WarehouseQuery(sql, values, null, limit), cancellationToken);
        var rows = new List<string?[]>();
        while (await result.ReadAsync(cancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, result.Columns.Count).Select(column => result[column])]);
        }

        return rows;
    }
}
