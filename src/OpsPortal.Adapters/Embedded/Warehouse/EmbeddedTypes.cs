using System.Globalization;
using Microsoft.Data.Sqlite;
using OpsPortal.Core.Warehouse;
using SQLitePCL;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>SQLite's values as the port wants them. A column that is no table's has the type of its first value.</summary>
internal static class EmbeddedTypes
{
    /// <summary>Characters of one row: a thousand columns of the longest value would be the process's memory.</summary>
    public const int LongestRow = 5_000_000;

    public static WarehouseColumn[] Columns(SqliteDataReader reader)
    {
        var columns = new WarehouseColumn[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
        {
            var declared = raw.sqlite3_column_decltype(reader.Handle!, i).utf8_to_string();
            var name = declared ?? (reader.HasRows ? reader.GetDataTypeName(i) : "TEXT");
            columns[i] = Column(reader.GetName(i), name);
        }

        return columns;
    }

    public static WarehouseColumn Column(string name, string type) => new(name, type.ToUpperInvariant() switch
    {
        "INTEGER" => WarehouseType.WholeNumber,
        "REAL" => WarehouseType.Number,
        "BOOLEAN" => WarehouseType.Boolean,
        "TIMESTAMP" => WarehouseType.Time,
        _ => WarehouseType.Text,
    }, type);

    /// <exception cref="RowTooLongException">It has more characters than a row may have.</exception>
    public static string?[] Row(SqliteDataReader reader, WarehouseColumn[] columns, out int characters)
    {
        var row = new string?[columns.Length];
        characters = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var value = row[i] = Value(reader, i, columns[i].Type);
            characters += value?.Length ?? 0;
            if (characters > LongestRow)
            {
                throw new RowTooLongException();
            }
        }

        return row;
    }

    private static string? Value(SqliteDataReader reader, int column, WarehouseType type) => raw.sqlite3_column_type(reader.Handle!, column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER when type == WarehouseType.Boolean => reader.GetInt64(column) == 0 ? "false" : "true",
        raw.SQLITE_INTEGER => reader.GetInt64(column).ToString(CultureInfo.InvariantCulture),
        raw.SQLITE_FLOAT => reader.GetDouble(column).ToString("R", CultureInfo.InvariantCulture),
        raw.SQLITE_BLOB => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column)),
        _ => reader.GetString(column),
    };
}

/// <summary>A row has more characters than a row may have.</summary>
internal sealed class RowTooLongException : Exception;
