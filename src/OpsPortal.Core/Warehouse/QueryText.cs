using System.Globalization;
using System.Text;

namespace OpsPortal.Core.Warehouse;

/// <summary>
/// The first wall: a text is taken when it is one query and nothing else. It is read token by token, as a server reads it (comments
/// nest, strings and quoted names end at their quote), so that nothing hides in a string or behind a comment. It knows no tables and
/// no rights: those are the other walls'.
/// </summary>
public sealed class QueryText
{
    /// <summary>Longest text taken, in characters.</summary>
    public const int Longest = 100_000;

    private readonly List<(string Name, int Start, int End)> _uses = [];

    private QueryText(string text) => Text = text;

    /// <summary>The text as given, without a semicolon at its end.</summary>
    public string Text { get; private set; }

    /// <summary>Names of its parameters, each once, in the order of their first use.</summary>
    public IReadOnlyList<string> Parameters => [.. _uses.Select(use => use.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a text.</summary>
    /// <exception cref="QueryRefusedException">It is not exactly one query; says why and where.</exception>
    public static QueryText Read(string text) => Read(text, isOwn: false);

    /// <summary>A text of the product's own: only its parameters are looked for.</summary>
    public static QueryText Own(string text) => Read(text, isOwn: true);

    private static QueryText Read(string text, bool isOwn)
    {
        if (text.Length > Longest)
        {
            throw new QueryRefusedException($"The query has {text.Length:N0} characters; at most {Longest:N0} are taken.", null);
        }

        var query = new QueryText(text);
        var check = new QueryCheck(text);
        var tokens = new List<QueryToken>();
        foreach (var token in QueryTokens.Of(text))
        {
            if (!isOwn)
            {
                check.Take(token);
                tokens.Add(token);
            }

            if (token.Kind == QueryTokenKind.Parameter)
            {
                query._uses.Add((text[(token.Start + 1)..token.End], token.Start, token.End));
            }
        }

        if (!isOwn)
        {
            query.Text = text[..check.End()];
            new QueryRepeats(text, tokens).Check();
        }

        return query;
    }

    /// <summary>Refuses values that are missing or that no parameter asks for.</summary>
    /// <exception cref="QueryRefusedException">Names them.</exception>
    public void CheckValues(IReadOnlyDictionary<string, object?> values)
    {
        if (_uses.FirstOrDefault(use => !values.ContainsKey(use.Name)) is { Name: { } missing, Start: var at })
        {
            throw new QueryRefusedException($"The parameter :{missing} has no value.", at);
        }

        if (values.Keys.FirstOrDefault(name => _uses.TrueForAll(use => use.Name != name)) is { } unasked)
        {
            throw new QueryRefusedException($"A value is given for :{unasked}, but the query has no such parameter.", null);
        }

        if (values.FirstOrDefault(value => value.Value is not (null or string or long or int or double or decimal or bool or DateTimeOffset)) is { Key: { } odd })
        {
            throw new QueryRefusedException($"The value of :{odd} is neither text, number, truth, time nor null.", null);
        }
    }

    /// <summary>Refuses what SQLite reads as a part of a parameter's name: a type or a bracket right behind it.</summary>
    /// <exception cref="QueryRefusedException">Says what to write.</exception>
    public void CheckForSqlite()
    {
        foreach (var (name, start, end) in _uses)
        {
            var rest = Text.AsSpan(end);
            if (rest.StartsWith("::", StringComparison.Ordinal) || rest.StartsWith("(", StringComparison.Ordinal))
            {
                throw new QueryRefusedException($"SQLite takes what stands right behind :{name} for a part of its name. A type is written CAST(:{name} AS …).", start);
            }
        }
    }

    /// <summary>The text with <c>$1</c>, <c>$2</c>, … in place of the parameters: as PostgreSQL and Redshift take them. Each stands for the name at its place in <see cref="Parameters"/>.</summary>
    public string WithNumbers()
    {
        var names = Parameters.ToList();
        return With(name => string.Create(CultureInfo.InvariantCulture, $"${names.IndexOf(name) + 1}"));
    }

    /// <summary>The text with other texts in place of the parameters. Whoever gives these answers for what they are: see Redshift's UNLOAD, the only use.</summary>
    public string With(Func<string, string> texts)
    {
        var built = new StringBuilder(Text.Length);
        var at = 0;
        foreach (var (name, start, end) in _uses)
        {
            built.Append(Text, at, start - at).Append(texts(name));
            at = end;
        }

        return built.Append(Text, at, Text.Length - at).ToString();
    }

    /// <summary>The place in <see cref="Text"/> that a place in <see cref="WithNumbers"/> stands for.</summary>
    public int PlaceOf(int placeWithNumbers)
    {
        var names = Parameters.ToList();
        var shift = 0;
        foreach (var (name, start, end) in _uses)
        {
            var length = 1 + (names.IndexOf(name) + 1).ToString(CultureInfo.InvariantCulture).Length;
            var startThere = start + shift;
            if (placeWithNumbers < startThere)
            {
                break;
            }

            if (placeWithNumbers < startThere + length)
            {
                return start;
            }

            shift += length - (end - start);
        }

        return Math.Clamp(placeWithNumbers - shift, 0, Text.Length);
    }
}
