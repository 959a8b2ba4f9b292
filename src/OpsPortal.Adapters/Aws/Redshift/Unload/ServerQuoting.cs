using System.Text;
using Npgsql;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>
/// Texts made literals by the server itself, <c>quote_literal</c> over a bound parameter: it alone knows how it reads its literals. Each answer is read back here and must say the very
/// text that went in; a server that quotes in a way that is not known here unloads nothing.
/// </summary>
internal static class ServerQuoting
{
    // The longest VARCHAR; what is longer would be cut by the cast, and not be whole.
    private const int LongestBytes = 65_535;

    /// <summary>The literals, in the order of the texts.</summary>
    /// <exception cref="QueryRefusedException">One of them is too long, or came back as something else.</exception>
    public static async Task<IReadOnlyList<string>> QuoteAsync(NpgsqlConnection connection, IReadOnlyList<string> texts, int timeout, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return [];
        }

        if (texts.Any(text => Encoding.UTF8.GetByteCount(text) > LongestBytes))
        {
            throw new QueryRefusedException($"The query with its values has more than {LongestBytes:N0} bytes; no longer one can be unloaded. Shorten it.", null);
        }

        var columns = Enumerable.Range(1, texts.Count).Select(number => FormattableString.Invariant($"quote_literal(CAST(${number} AS VARCHAR({LongestBytes})))"));
        // The product's own words; texts travel as parameters.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand($"SELECT {string.Join(", ", columns)}", connection) { AllResultTypesAreUnknown = true, CommandTimeout = timeout };
#pragma warning restore CA2100
        foreach (var text in texts)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var literals = Enumerable.Range(0, texts.Count).Select(reader.GetString).ToList();
        for (var i = 0; i < texts.Count; i++)
        {
            if (Read(literals[i]) != texts[i])
            {
                throw new QueryRefusedException("The warehouse does not write this text as one that can be read back; it is not unloaded. Shorten it, or leave out its quotes and backslashes.", null);
            }
        }

        return literals;
    }

    /// <summary>
    /// The text that a literal says; null when it is none. Quotes and backslashes are doubled (Redshift: '…', PostgreSQL with backslashes: E'…'): then it ends at the same quote for a server that
    /// reads backslashes as its own and for one that does not.
    /// </summary>
    internal static string? Read(string literal)
    {
        var start = literal.StartsWith("E'", StringComparison.Ordinal) ? 2 : 1;
        if (literal.Length < start + 1 || literal[start - 1] != '\'' || literal[^1] != '\'')
        {
            return null;
        }

        var text = new StringBuilder(literal.Length);
        for (var at = start; at < literal.Length - 1; at++)
        {
            if (literal[at] is '\'' or '\\')
            {
                if (at + 1 >= literal.Length - 1 || literal[at + 1] != literal[at])
                {
                    return null;
                }

                at++;
            }

            text.Append(literal[at]);
        }

        return text.ToString();
    }
}
