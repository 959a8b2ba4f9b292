using System.Text;
using System.Text.Json;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>A query that grows by conditions. Conditions are fixed texts, so there are few different queries; what varies is bound.</summary>
internal sealed class SqlQuery(string selectFrom)
{
    private readonly StringBuilder _text = new(selectFrom + " WHERE 1");
    private readonly List<SqlValue> _values = [];

    /// <summary>Adds a condition and its values.</summary>
    public SqlQuery And(string condition, params ReadOnlySpan<SqlValue> values)
    {
        _text.Append(" AND ").Append(condition);
        _values.AddRange(values);
        return this;
    }

    /// <summary>Adds the condition only when the value is there.</summary>
    public SqlQuery AndIf(string condition, SqlValue value) => value.Value is null ? this : And(condition, value);

    /// <summary>Adds "is one of" only when there is a list; an empty list matches nothing.</summary>
    public SqlQuery AndOneOf(string column, string name, IEnumerable<string>? texts) => texts is null ? this : AndOneOf(column, name, JsonSerializer.Serialize(texts, EmbeddedJson.Default.IEnumerableString));

    /// <summary>Adds "is one of" only when there is a list; an empty list matches nothing.</summary>
    public SqlQuery AndOneOf(string column, string name, IEnumerable<int>? numbers) => numbers is null ? this : AndOneOf(column, name, JsonSerializer.Serialize(numbers, EmbeddedJson.Default.IEnumerableInt32));

    /// <summary>Narrows to a user's scope: every row about a train carries depot, line and class.</summary>
    public SqlQuery Inside(Scope scope) =>
        AndOneOf("depot", "$depots", scope.Depots).AndOneOf("line", "$lines", scope.Lines).AndOneOf("class", "$classes", scope.Classes);

    /// <summary>Adds what comes after the conditions: order, limit.</summary>
    public SqlQuery Then(string text, params ReadOnlySpan<SqlValue> values)
    {
        _text.Append(' ').Append(text);
        _values.AddRange(values);
        return this;
    }

    public List<T> Read<T>(SqliteSession session, Func<Microsoft.Data.Sqlite.SqliteDataReader, T> row) =>
        session.Read(_text.ToString(), row, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values));

    private SqlQuery AndOneOf(string column, string name, string json) =>
        And($"{column} IN (SELECT value FROM json_each({name}))", (name, json));
}
