using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>A text made from a row: <c>bus-{vehicle_id}</c>.</summary>
internal sealed partial class RowText
{
    private readonly Func<string[], string>[] _parts;

    // Those that come out of the row.
    private readonly Func<string[], string>[] _fromRow;

    private RowText(List<Func<string[], string>> parts, List<Func<string[], string>> fromRow) => (_parts, _fromRow) = ([.. parts], [.. fromRow]);

    /// <summary>What stands in braces.</summary>
    public static IEnumerable<string> Names(string? template) => Braces().Matches(template ?? "").Select(match => match.Groups[1].Value);

    /// <summary>Puts the file's own names in.</summary>
    public static string ForFile(string template, string path)
    {
        var name = Path.GetFileName(path);
        var ending = name.IndexOf(".csv", StringComparison.OrdinalIgnoreCase);
        return template
            .Replace("{file}", ending > 0 ? name[..ending] : name, StringComparison.Ordinal)
            .Replace("{folder}", Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))), StringComparison.Ordinal);
    }

    /// <summary>Prepares a template; only after the descriptor was checked.</summary>
    public static RowText Of(string template, string[] header, IReadOnlyDictionary<string, RecordedWords>? words)
    {
        var (parts, fromRow) = (new List<Func<string[], string>>(), new List<Func<string[], string>>());
        var at = 0;
        foreach (Match match in Braces().Matches(template))
        {
            Literal(template[at..match.Index], parts);
            fromRow.Add(Part(match.Groups[1].Value, header, words));
            parts.Add(fromRow[^1]);
            at = match.Index + match.Length;
        }

        Literal(template[at..], parts);
        return new RowText(parts, fromRow);
    }

    /// <summary>A column by its plain name, or a text of several columns.</summary>
    public static RowText OfColumn(string text, string[] header) => Of(header.Contains(text) ? $"{{{text}}}" : text, header, words: null);

    public string Fill(string[] row) => _parts.Length == 1 ? _parts[0](row) : string.Concat(_parts.Select(part => part(row)));

    /// <summary>Whether the row leaves empty what it is made of.</summary>
    public bool IsIncomplete(string[] row) => _fromRow.Any(part => part(row).Length == 0);

    private static void Literal(string text, List<Func<string[], string>> parts)
    {
        if (text.Length > 0)
        {
            parts.Add(_ => text);
        }
    }

    private static Func<string[], string> Part(string name, string[] header, IReadOnlyDictionary<string, RecordedWords>? words)
    {
        if (words is null || !words.TryGetValue(name, out var said))
        {
            var index = Array.IndexOf(header, name);
            return row => row[index];
        }

        var column = Array.IndexOf(header, said.Column);
        var otherwise = said.Otherwise is { } text ? Of(text, header, words: null) : null;
        return row => said.Values?.GetValueOrDefault(row[column]) ?? otherwise?.Fill(row) ?? row[column];
    }

    [GeneratedRegex(@"\{([^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();
}
