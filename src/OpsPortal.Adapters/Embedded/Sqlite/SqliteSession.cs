using Microsoft.Data.Sqlite;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>One connection with its prepared statements. For one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>Runs a statement and says how many rows it changed. The texts are few: whatever varies is a parameter.</summary>
    public int Run(string sql, params ReadOnlySpan<SqlValue> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Runs a text of several statements once.</summary>
    public void RunScript(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>All rows of a query.</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<SqlValue> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Rows of a query until the reading function says stop.</summary>
    public void ReadWhile(string sql, Func<SqliteDataReader, bool> row, params ReadOnlySpan<SqlValue> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        while (reader.Read() && row(reader))
        {
        }
    }

    /// <summary>The first row of a query, or null.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<SqlValue> values)
        where T : class
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? row(reader) : null;
    }

    /// <summary>The first row's first column as a number, or null when there is no row or it holds none.</summary>
    public long? Number(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : null;
    }

    /// <summary>Runs the work in one transaction: all or nothing.</summary>
    public T InTransaction<T>(Func<SqliteSession, T> work, bool writes)
    {
        Run(writes ? "BEGIN IMMEDIATE" : "BEGIN");
        try
        {
            var result = work(this);
            Run("COMMIT");
            return result;
        }
        catch (Exception)
        {
            TryRollBack();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private void TryRollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some failures (disk full) have rolled back already; what failed is thrown by the caller.
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<SqlValue> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (i == command.Parameters.Count)
            {
                command.Parameters.Add(new SqliteParameter());
            }

            command.Parameters[i].ParameterName = values[i].Name;
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
