using System.Collections.Concurrent;
using System.Globalization;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>How many rows of a table a scope sees, counted at most once in a while and for a short time: a count of very many rows would cost as much as the query it is to warn of.</summary>
/// <param name="count">Counts; null when it takes too long.</param>
internal sealed class TableCounts(Func<string, CancellationToken, Task<long?>> count, TimeProvider time)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (long? Rows, DateTimeOffset At)> _known = new(StringComparer.Ordinal);

    public async Task<Dictionary<string, long>> OfAsync(IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            if (!_known.TryGetValue(table, out var known) || time.GetUtcNow() - known.At > GoodFor)
            {
                _known[table] = known = (await count(table, cancellationToken), time.GetUtcNow());
            }

            if (known.Rows is { } rows)
            {
                found[table] = rows;
            }
        }

        return found;
    }

    /// <summary>The one number of a result.</summary>
    public static long Read(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);
}
