namespace OpsPortal.Core.Warehouse;

/// <summary>What a piece of a query is.</summary>
internal enum QueryTokenKind
{
    /// <summary>A bare name or keyword.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    Quoted,

    Text,

    Number,

    /// <summary><c>:name</c></summary>
    Parameter,

    Symbol,
}

/// <summary>A piece of a query, from Start up to End.</summary>
internal readonly record struct QueryToken(QueryTokenKind Kind, int Start, int End);

/// <summary>Cuts a query into its pieces; comments and space are left out. Refuses what two servers would read differently.</summary>
internal static class QueryTokens
{
    public static IEnumerable<QueryToken> Of(string text)
    {
        // Wherever it stands, in a comment too: servers take it for the end of the text.
        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero)
        {
            throw new QueryRefusedException("The character U+0000 has no place in a query.", zero);
        }

        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (char.IsAsciiLetter(c) && NextIsQuote(text, at) is { } prefix)
            {
                throw new QueryRefusedException($"Strings that begin with {prefix} are not taken: write the text between plain single quotes.", at);
            }

            if (c is ' ' or '\t' or '\r' or '\n')
            {
                at++;
            }
            else if (Starts(text, at, "--"))
            {
                at = EndOfLine(text, at);
            }
            else if (Starts(text, at, "/*"))
            {
                at = EndOfComment(text, at);
            }
            else
            {
                var token = Next(text, at, c);
                yield return token;
                at = token.End;
            }
        }
    }

    private static QueryToken Next(string text, int at, char c) => c switch
    {
        '\'' => new QueryToken(QueryTokenKind.Text, at, EndOfQuote(text, at, "The text that begins here has no closing quote.")),
        '"' => new QueryToken(QueryTokenKind.Quoted, at, EndOfQuote(text, at, "The name that begins here has no closing quote.")),
        '`' or '[' => throw new QueryRefusedException("Names are quoted with double quotes.", at),
        '$' => throw new QueryRefusedException("A dollar sign is not taken: parameters are written :name, texts between single quotes.", at),
        '\\' => throw new QueryRefusedException("A backslash has no place outside of a text.", at),
        '@' or '?' or '#' => throw new QueryRefusedException($"{c} is not taken: parameters are written :name.", at),
        '{' or '}' => throw new QueryRefusedException($"{c} has no place in a query.", at),
        ':' when Starts(text, at, "::") => new QueryToken(QueryTokenKind.Symbol, at, at + 2),
        ':' when at + 1 < text.Length && IsFirst(text[at + 1]) => new QueryToken(QueryTokenKind.Parameter, at, EndOfWord(text, at + 1)),
        ':' => throw new QueryRefusedException("A colon is followed by a parameter's name, such as :train.", at),
        _ when IsFirst(c) => new QueryToken(QueryTokenKind.Word, at, EndOfWord(text, at)),
        _ when char.IsAsciiDigit(c) => new QueryToken(QueryTokenKind.Number, at, EndOfNumber(text, at)),
        '.' when at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) => new QueryToken(QueryTokenKind.Number, at, EndOfNumber(text, at)),
        _ when "()+-*/%<>=!|&^~.,;".Contains(c, StringComparison.Ordinal) => new QueryToken(QueryTokenKind.Symbol, at, at + 1),
        _ => throw new QueryRefusedException($"The character U+{(int)c:X4} has no place outside of a text or a quoted name.", at),
    };

    // E'…', B'…', X'…', N'…', U&'…', U&"…": servers disagree about what is inside.
    private static string? NextIsQuote(string text, int at)
    {
        if (at > 0 && IsLater(text[at - 1]))
        {
            return null;
        }

        if (at + 1 < text.Length && text[at + 1] == '\'')
        {
            return text[at..(at + 1)];
        }

        return at + 2 < text.Length && text[at] is 'u' or 'U' && text[at + 1] == '&' && text[at + 2] is '\'' or '"' ? "U&" : null;
    }

    private static int EndOfQuote(string text, int start, string open)
    {
        var quote = text[start];
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] != quote)
            {
                continue;
            }

            if (at + 1 == text.Length || text[at + 1] != quote)
            {
                return at + 1;
            }

            at++;
        }

        throw new QueryRefusedException(open, start);
    }

    private static int EndOfComment(string text, int start)
    {
        var depth = 0;
        for (var at = start; at + 1 < text.Length; at++)
        {
            if (Starts(text, at, "/*"))
            {
                // SQLite ends a comment at the first end, PostgreSQL at the last: what is inside would be text for one and comment for the other.
                if (++depth > 1)
                {
                    throw new QueryRefusedException("A comment inside a comment is not taken.", at);
                }

                at++;
            }
            else if (Starts(text, at, "*/"))
            {
                return at + 2;
            }
        }

        throw new QueryRefusedException("The comment that begins here does not end.", start);
    }

    private static int EndOfLine(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny('\r', '\n');
        if (end < 0)
        {
            return text.Length;
        }

        // PostgreSQL ends a remark here, SQLite goes on to the next line feed: what is between would be text for one and remark for the other.
        return text[at + end] == '\n' || Starts(text, at + end, "\r\n")
            ? at + end
            : throw new QueryRefusedException("A remark ends with a line feed; a carriage return alone (U+000D) is not taken in it.", at + end);
    }

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length && IsLater(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int EndOfNumber(string text, int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_' || (text[at] is '+' or '-' && text[at - 1] is 'e' or 'E' && char.IsAsciiDigit(text[start]))))
        {
            at++;
        }

        return at;
    }

    private static bool Starts(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    // Letters of other scripts too, but only letters: nothing that only looks like a space, a quote or a semicolon.
    private static bool IsFirst(char c) => c == '_' || char.IsLetter(c);

    private static bool IsLater(char c) => IsFirst(c) || char.IsAsciiDigit(c) || c == '$';
}
