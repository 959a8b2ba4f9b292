using System.Collections.Concurrent;
using System.Globalization;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>
/// How many rows of a table a scope sees, counted for a short time only: a count of very many rows would cost as much as the query it is to warn of. What took long to count holds for a
/// while, what is counted at once is counted anew.
/// </summary>
/// <param name="count">Counts; null when it takes too long.</param>
internal sealed class TableCounts(Func<string, CancellationToken, Task<long?>> count, TimeProvider time)
{
    private const int TimesAsLong = 30;

    private readonly ConcurrentDictionary<string, (long? Rows, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    public async Task<Dictionary<string, long>> OfAsync(IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            if (!_known.TryGetValue(table, out var known) || time.GetUtcNow() >= known.Until)
            {
                var start = time.GetTimestamp();
                var counted = await count(table, cancellationToken);
                _known[table] = known = (counted, time.GetUtcNow() + (time.GetElapsedTime(start) * TimesAsLong));
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
