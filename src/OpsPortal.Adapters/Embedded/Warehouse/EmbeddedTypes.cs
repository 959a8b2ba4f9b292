using System.Globalization;
using Microsoft.Data.Sqlite;
using OpsPortal.Core.Warehouse;
using SQLitePCL;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>SQLite's values as the port wants them. A column that is no table's has the type of its first value.</summary>
internal static class EmbeddedTypes
{
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

    public static string?[] Row(SqliteDataReader reader, WarehouseColumn[] columns)
    {
        var row = new string?[columns.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = Value(reader, i, columns[i].Type);
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
