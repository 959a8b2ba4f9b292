using System.Collections.Frozen;

namespace OpsPortal.Core.Warehouse;

/// <summary>Looks at a query's pieces one after another: is it one statement, and does it only ask?</summary>
internal sealed class QueryCheck(string text)
{
    private static readonly FrozenSet<string> Beginnings = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "select", "with", "values");

    // As bare words: acts that can stand inside what begins like a query, and those that have no business in one. A column of that name is written in double quotes.
    private static readonly FrozenSet<string> Acts = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "into", "insert", "update", "delete", "merge", "truncate", "create", "alter", "drop", "grant", "revoke", "copy", "unload", "call", "execute", "attach", "detach",
        "pragma", "vacuum", "reindex", "lock", "explain", "analyze", "analyse");

    // They change a session, wait, read files or run other texts; the database's rights refuse most of them too.
    private static readonly string[] Functions =
    [
        "set_config", "nextval", "setval", "lastval", "load_extension", "edit", "readfile", "writefile", "fts3_tokenizer", "query_to_", "cursor_to_", "table_to_", "schema_to_",
        "database_to_", "dblink", "lo_", "ts_stat", "ts_rewrite", "crosstab", "connectby", "xpath_table", "currtid", "currtid2", "binary_upgrade_", "inet_server_", "inet_client_",
        "sqlite_compileoption_", "sqlite_log",
    ];

    // The portal's own: who sees what. Where all operators share one login of the database, its rights cannot keep it from them.
    private const string ScopesTable = "user_scopes";

    // The database's own tables and functions: other people's statements, sizes of what a scope leaves out, sessions, files. Where all operators share one login, the database shows them to all.
    private static readonly string[] Catalogues = ["pg_", "information_schema", "stl_", "stv_", "stcs_", "svl_", "svv_", "svcs_", "sys_"];

    // Of those that begin with pg_: harmless, and asked for by people.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "pg_typeof", "pg_size_pretty", "pg_column_size");

    private readonly Stack<int> _open = new();
    private QueryToken _last;
    private int _count;
    private int? _semicolon;

    public void Take(in QueryToken token)
    {
        if (_semicolon is { } at && !IsSymbol(token, ';'))
        {
            throw new QueryRefusedException("One statement at a time: something follows the semicolon.", at);
        }

        if (_count == 0 && !IsSymbol(token, '(') && !IsSymbol(token, ';') && !(token.Kind == QueryTokenKind.Word && Beginnings.Contains(Of(token))))
        {
            throw new QueryRefusedException("Only queries are taken: begin with SELECT, WITH or VALUES.", token.Start);
        }

        // After opening brackets only.
        if (_count > 0 && _count == _open.Count && !IsSymbol(token, '(') && !(token.Kind == QueryTokenKind.Word && Beginnings.Contains(Of(token))))
        {
            throw new QueryRefusedException("Only queries are taken: begin with SELECT, WITH or VALUES.", token.Start);
        }

        if (token.Kind == QueryTokenKind.Symbol)
        {
            TakeSymbol(token);
        }
        else if (token.Kind == QueryTokenKind.Word && Acts.Contains(Of(token)) && !IsSymbol(_last, '.'))
        {
            throw new QueryRefusedException($"{Of(token).ToUpperInvariant()} has no place in a query: queries read and change nothing. (A column of that name is written \"{Of(token)}\".)", token.Start);
        }

        if (token.Kind is QueryTokenKind.Word or QueryTokenKind.Quoted)
        {
            RefuseName(token);
        }

        _last = token;
        if (_semicolon is null)
        {
            _count++;
        }
    }

    /// <summary>Where the query ends: before the semicolon, if there is one.</summary>
    public int End()
    {
        if (_count == 0)
        {
            throw new QueryRefusedException("There is no query.", 0);
        }

        if (_open.Count > 0)
        {
            throw new QueryRefusedException("This bracket is not closed.", _open.Peek());
        }

        return _semicolon ?? text.Length;
    }

    private void TakeSymbol(in QueryToken token)
    {
        switch (text[token.Start])
        {
            case '(':
                RefuseFunction(token);
                _open.Push(token.Start);
                break;
            case ')' when _open.Count == 0:
                throw new QueryRefusedException("This bracket closes nothing.", token.Start);
            case ')':
                _open.Pop();
                break;
            case ';':
                _semicolon ??= token.Start;
                break;
            default:
                break;
        }
    }

    private void RefuseName(in QueryToken token)
    {
        var name = Of(token).Trim('"');
        if (name.Equals(ScopesTable, StringComparison.OrdinalIgnoreCase))
        {
            throw new QueryRefusedException($"The table {ScopesTable} is the portal's own and cannot be asked for.", token.Start);
        }

        if (!Harmless.Contains(name) && Array.Exists(Catalogues, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
        {
            throw new QueryRefusedException($"{name} is named like the database's own tables and functions, which are not taken in queries.", token.Start);
        }
    }

    private void RefuseFunction(in QueryToken bracket)
    {
        if (_last.Kind is not (QueryTokenKind.Word or QueryTokenKind.Quoted) || _last.End == 0)
        {
            return;
        }

        var name = Of(_last).Trim('"');
        if (Array.Exists(Functions, start => start.EndsWith('_') || start is "dblink" or "crosstab" ? name.StartsWith(start, StringComparison.OrdinalIgnoreCase) : name.Equals(start, StringComparison.OrdinalIgnoreCase)))
        {
            throw new QueryRefusedException($"The function {name} is not taken in queries.", Math.Min(_last.Start, bracket.Start));
        }
    }

    private string Of(in QueryToken token) => text[token.Start..token.End];

    private bool IsSymbol(in QueryToken token, char symbol) => token.Kind == QueryTokenKind.Symbol && token.End > token.Start && text[token.Start] == symbol;
}
