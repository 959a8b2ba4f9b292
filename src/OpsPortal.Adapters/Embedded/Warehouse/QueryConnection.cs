using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpsPortal.Core.Access;
using SQLitePCL;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>
/// A connection for one person's query: the file opened for reading only, under a name that nobody can guess; temporary views that hold the scope and have the tables'
/// names; and an authorizer that lets nothing but these views be read: no table behind them, no catalogue, no pragma, no second file.
/// </summary>
internal static class QueryConnection
{
    /// <summary>Bytes of one text or blob.</summary>
    public const int LongestValue = 10_000_000;

    // Of LIKE and GLOB, in bytes: each step through the text may go through the pattern.
    private const int LongestPattern = 500;

    // Depth and number of parts of a statement: far above what people write, far below what hurts.
    private const int DeepestExpression = 500;

    private static readonly string[] Tables = ["trains", "readings_minute", "train_minutes", "anomalies", "alerts"];

    /// <summary>Views that people may read, and the tables they stand for.</summary>
    public static IReadOnlyList<string> Views { get; } = [.. Tables, "alerts_by_day"];

    public static SqliteConnection Open(string path, Scope scope, bool describes = false)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = "file::memory:", Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            // The authorizer is not told whether a count goes over a table or over its view, nor whether a view reads or a query that has given itself the view's name (WITH trains AS …):
            // nobody must be able to name what is behind the views.
            var file = $"f{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
            var names = $"scope_names_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
            Run(connection, $"ATTACH DATABASE $path AS {file}", ("$path", $"{new Uri(path).AbsoluteUri}?mode=ro"));
            Run(connection, $"CREATE TEMP TABLE {names} (kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID");
            var conditions = Narrow(connection, names, "depot", scope.Depots) + Narrow(connection, names, "line", scope.Lines) + Narrow(connection, names, "class", scope.Classes);
            foreach (var table in Tables)
            {
                Run(connection, $"CREATE TEMP VIEW {table} AS SELECT * FROM {file}.{table} WHERE 1{conditions}");
            }

            Run(
                connection,
                """
                CREATE TEMP VIEW alerts_by_day AS SELECT date(raised_at) AS day, line, class, severity, COUNT(*) AS alerts, SUM(anomalies) AS anomalies,
                    COUNT(acknowledged_at) AS acknowledged, COUNT(cleared_at) AS cleared FROM temp.alerts GROUP BY date(raised_at), line, class, severity
                """);
            Run(connection, "PRAGMA query_only=ON");
            if (!describes)
            {
                QueryFunctions.Add(connection.Handle!);
                Guard(connection.Handle!, file, names);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Guard(sqlite3 handle, string file, string names)
    {
        raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_LENGTH, LongestValue);
        raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LongestPattern);
        raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_EXPR_DEPTH, DeepestExpression);
        raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_ATTACHED, 0);
        raw.sqlite3_set_authorizer(handle, (_, action, first, second, database, accessor) => IsAllowed(action, first, second, database, accessor, file, names) ? raw.SQLITE_OK : raw.SQLITE_DENY, null);
    }

    private static bool IsAllowed(int action, string? first, string? second, string? database, string? accessor, string file, string names) => action switch
    {
        raw.SQLITE_SELECT or raw.SQLITE_RECURSIVE => true,
        raw.SQLITE_FUNCTION => second is not ("load_extension" or "edit" or "readfile" or "writefile" or "fts3_tokenizer" or "sqlite_compileoption_get" or "sqlite_compileoption_used" or "sqlite_log" or "json_patch"),
        // Rows are read, but none of their columns, as COUNT(*) does: of a view, of the table behind it, or of a query with a name of its own.
        raw.SQLITE_READ when string.IsNullOrEmpty(second) => database == file || database == "temp" ? Views.Contains(first) : database is null && !IsInternal(first),
        // A view's own columns; what is behind it, for the view only; and functions that make tables out of JSON.
        raw.SQLITE_READ => (database == "temp" && Views.Contains(first)) || (Views.Contains(accessor) && (database == file ? Tables.Contains(first) : database == "temp" && first == names))
            || first is "json_each" or "json_tree",
        _ => false,
    };

    private static bool IsInternal(string? name) =>
        name is null or "filled" or "dbstat" || name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("pragma_", StringComparison.OrdinalIgnoreCase);

    private static string Narrow(SqliteConnection connection, string table, string kind, IReadOnlySet<string>? names)
    {
        if (names is null)
        {
            return "";
        }

        Run(connection, $"INSERT INTO {table} SELECT $kind, value FROM json_each($names)", ("$kind", kind), ("$names", JsonSerializer.Serialize(names, EmbeddedJson.Default.IEnumerableString)));
        // The kind is one of three texts of ours; names are rows.
        return $" AND {kind} IN (SELECT name FROM temp.{table} WHERE kind = '{kind}')";
    }

    private static void Run(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        // Constants of this class.
#pragma warning disable CA2100
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
