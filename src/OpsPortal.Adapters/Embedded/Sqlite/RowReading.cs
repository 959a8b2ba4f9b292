using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>Reads columns in the forms the embedded stores write them.</summary>
internal static class RowReading
{
    /// <summary>A time kept as UTC ticks.</summary>
    public static DateTimeOffset Time(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    /// <summary>A time kept as UTC ticks, or null.</summary>
    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    /// <summary>A text, or null.</summary>
    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A document kept as JSON.</summary>
    public static T Document<T>(this SqliteDataReader row, int column, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(row.GetString(column), type)!;
}
