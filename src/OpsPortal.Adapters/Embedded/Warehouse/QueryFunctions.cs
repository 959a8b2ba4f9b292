using System.Buffers;
using System.Text;
using SQLitePCL;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>
/// Functions of SQLite's that are quadratic, in their own place: on texts of ten million characters one call of theirs takes hours, and nothing can end it. These give what SQLite's give;
/// what would take long they refuse.
/// </summary>
internal static class QueryFunctions
{
    // Length of the text times length of what is looked for: about a second.
    private const long LongestSearch = 10_000_000_000;

    private const int Flags = raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC;

    private static readonly delegate_function_scalar _instr = (context, _, values) => Answer(context, values, Instr);
    private static readonly delegate_function_scalar _replace = (context, _, values) => Answer(context, values, Replace);
    private static readonly delegate_function_scalar _trim = (context, _, values) => Answer(context, values, (context, values) => Trim(context, values, isStart: true, isEnd: true));
    private static readonly delegate_function_scalar _ltrim = (context, _, values) => Answer(context, values, (context, values) => Trim(context, values, isStart: true, isEnd: false));
    private static readonly delegate_function_scalar _rtrim = (context, _, values) => Answer(context, values, (context, values) => Trim(context, values, isStart: false, isEnd: true));

    /// <summary>Puts them in the place of SQLite's.</summary>
    public static void Add(sqlite3 connection)
    {
        foreach (var (name, values, function) in new[] { ("instr", 2, _instr), ("replace", 3, _replace), ("trim", 2, _trim), ("ltrim", 2, _ltrim), ("rtrim", 2, _rtrim) })
        {
            raw.sqlite3_create_function(connection, name, values, Flags, null, function);
        }
    }

    // An exception must not get into SQLite.
    private static void Answer(sqlite3_context context, sqlite3_value[] values, Action<sqlite3_context, sqlite3_value[]> function)
    {
        try
        {
            if (Array.Exists(values, value => raw.sqlite3_value_type(value) == raw.SQLITE_NULL))
            {
                raw.sqlite3_result_null(context);
            }
            else
            {
                function(context, values);
            }
        }
        catch (Exception e)
        {
            raw.sqlite3_result_error(context, e.Message);
        }
    }

    private static void Instr(sqlite3_context context, sqlite3_value[] values)
    {
        var isBytes = Array.TrueForAll(values, value => raw.sqlite3_value_type(value) == raw.SQLITE_BLOB);
        var text = Bytes(values[0]);
        var sought = Bytes(values[1]);
        if (IsTooLong(context, "instr", text, sought))
        {
            return;
        }

        var at = text.IndexOf(sought);
        raw.sqlite3_result_int64(context, at < 0 ? 0 : 1 + (isBytes ? at : Characters(text[..at])));
    }

    private static void Replace(sqlite3_context context, sqlite3_value[] values)
    {
        var text = Bytes(values[0]);
        var sought = Bytes(values[1]);
        var by = Bytes(values[2]);
        if (IsTooLong(context, "replace", text, sought))
        {
            return;
        }

        if (sought.IsEmpty || text.IndexOf(sought) < 0)
        {
            Give(context, text);
            return;
        }

        var built = new ArrayBufferWriter<byte>(text.Length);
        for (var at = text.IndexOf(sought); at >= 0; at = text.IndexOf(sought))
        {
            built.Write(text[..at]);
            built.Write(by);
            text = text[(at + sought.Length)..];
            if (built.WrittenCount > QueryConnection.LongestValue)
            {
                raw.sqlite3_result_error_toobig(context);
                return;
            }
        }

        built.Write(text);
        Give(context, built.WrittenSpan);
    }

    private static void Trim(sqlite3_context context, sqlite3_value[] values, bool isStart, bool isEnd)
    {
        var text = Bytes(values[0]);
        var outer = new HashSet<Rune>();
        for (var rest = Bytes(values[1]); !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            outer.Add(rune);
            rest = rest[length..];
        }

        while (isStart && !text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            isStart = outer.Contains(rune);
            text = isStart ? text[length..] : text;
        }

        while (isEnd && !text.IsEmpty)
        {
            Rune.DecodeLastFromUtf8(text, out var rune, out var length);
            isEnd = outer.Contains(rune);
            text = isEnd ? text[..^length] : text;
        }

        Give(context, text);
    }

    // An empty span has no place in memory, which SQLite takes for null.
    private static void Give(sqlite3_context context, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            raw.sqlite3_result_text(context, "");
        }
        else
        {
            raw.sqlite3_result_text(context, text);
        }
    }

    private static bool IsTooLong(sqlite3_context context, string name, ReadOnlySpan<byte> text, ReadOnlySpan<byte> sought)
    {
        var isTooLong = sought.Length <= text.Length && (long)text.Length * sought.Length > LongestSearch;
        if (isTooLong)
        {
            raw.sqlite3_result_error(context, $"{name} is not taken on texts so long: {sought.Length:N0} characters sought in {text.Length:N0}");
        }

        return isTooLong;
    }

    // Numbers as SQLite writes them.
    private static ReadOnlySpan<byte> Bytes(sqlite3_value value) => raw.sqlite3_value_blob(value);

    // All but the bytes that go on a character.
    private static int Characters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var unit in text)
        {
            count += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
