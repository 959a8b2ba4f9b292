using System.Text;
using System.Text.RegularExpressions;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>
/// An UNLOAD as AWS documents it (Database Developer Guide, UNLOAD), read apart from the product: the query a literal in brackets, then TO, IAM_ROLE, and options, each once.
/// PostgreSQL's own quoting says E'…' where there are backslashes; that alone is taken beside what is documented.
/// </summary>
internal sealed partial record UnloadForm(string Query, string Bucket, string Prefix, string Role, IReadOnlyList<string> Options)
{
    private static readonly string[] NotWithParquet = ["DELIMITER", "FIXEDWIDTH", "ADDQUOTES", "ESCAPE", "NULL", "HEADER", "GZIP", "BZIP2", "ZSTD"];

    public static bool IsOne(string text) => text.StartsWith("UNLOAD", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is asked for, or what is wrong with it.</summary>
    public static (UnloadForm? Form, string? Wrong) Read(string text)
    {
        if (Whole().Match(text) is not { Success: true } match)
        {
            return (null, "syntax error in UNLOAD");
        }

        var options = Option().Matches(match.Groups["options"].Value).Select(option => option.Value.Trim()).ToList();
        if (string.Concat(options.Select(option => " " + option)) != match.Groups["options"].Value)
        {
            return (null, $"syntax error at the options of UNLOAD:{match.Groups["options"].Value}");
        }

        var names = options.Select(option => option.Split(' ')[0]).ToList();
        if (names.Distinct().Count() != names.Count || !names.Contains("FORMAT") || names.Exists(name => NotWithParquet.Contains(name)))
        {
            return (null, "these options do not go together with UNLOAD");
        }

        var query = Literal(match.Groups["query"].Value);
        return HasLimitOutside(query) ? (null, "Limit clause is not supported") : (new UnloadForm(query, match.Groups["bucket"].Value, match.Groups["prefix"].Value, match.Groups["role"].Value.Trim('\''), options), null);
    }

    private static string Literal(string literal) => Escape().Replace(literal.TrimStart('E')[1..^1], pair => pair.Value[1..]);

    // Outside of all brackets, texts and quoted names.
    private static bool HasLimitOutside(string query)
    {
        var (depth, outside) = (0, new StringBuilder());
        for (var at = 0; at < query.Length; at++)
        {
            if (query[at] is '\'' or '"')
            {
                at = query.IndexOf(query[at], at + 1);
            }
            else
            {
                depth += query[at] switch { '(' => 1, ')' => -1, _ => 0 };
                outside.Append(depth == 0 ? query[at] : ' ');
            }
        }

        return Limit().IsMatch(outside.ToString());
    }

    [GeneratedRegex(@"^UNLOAD \((?<query>E?'(?:[^'\\]|''|\\\\)*')\) TO 's3://(?<bucket>[a-z0-9-]{3,63})/(?<prefix>[A-Za-z0-9/_=.-]+)' IAM_ROLE (?<role>default|'arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=.@_/-]+')(?<options>(?: [^']*(?:'[^']*')?)*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@" (?:FORMAT AS PARQUET|MANIFEST VERBOSE|MANIFEST|ALLOWOVERWRITE|CLEANPATH|PARALLEL (?:ON|OFF)|MAXFILESIZE [0-9]+ (?:MB|GB)|REGION AS '[a-z0-9-]+')(?= |\z)")]
    private static partial Regex Option();

    [GeneratedRegex(@"''|\\\\")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\blimit\b", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();
}
