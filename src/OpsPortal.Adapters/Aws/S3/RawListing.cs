using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>A raw file as a listing says it.</summary>
internal sealed record ListedFile(RawFileKey Key, S3Entry Entry);

/// <summary>
/// Walks the keys of one query in order. Only the folders of depots that may be looked at are ever asked for, and in them only from the
/// first hour on: keys of a depot stand in the order of time.
/// </summary>
internal sealed class RawListing(S3Bucket bucket, RawFileQuery query, IReadOnlyCollection<string>? depots)
{
    // S3 gives at most so many at once.
    private const int MostKeys = 1_000;

    private readonly string _prefix = bucket.Place.Prefix;
    private readonly List<ListedFile> _found = [];

    /// <summary>Keys in the places looked at that are none of raw files.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Up to <paramref name="limit"/> files after the query's place, in order.</summary>
    public async Task<IReadOnlyList<ListedFile>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        foreach (var folder in await FoldersAsync(cancellationToken))
        {
            if (_found.Count < limit)
            {
                await ReadFolderAsync(folder, limit, cancellationToken);
            }
        }

        return _found;
    }

    private async Task<IEnumerable<string>> FoldersAsync(CancellationToken cancellationToken)
    {
        var all = depots is null
            ? await ListFoldersAsync(cancellationToken)
            : depots.Select(depot => RawFileKey.DepotPrefix(query.Kind, RawFileKey.FolderOf(depot)));
        // With its slash: that is how keys sort.
        return all.Distinct(StringComparer.Ordinal).Where(IsNotBehind).Order(StringComparer.Ordinal);
    }

    private bool IsNotBehind(string folder) =>
        query.After is not { } after || string.CompareOrdinal(folder, after) > 0 || after.StartsWith(folder, StringComparison.Ordinal);

    private async Task<List<string>> ListFoldersAsync(CancellationToken cancellationToken)
    {
        var folders = new List<string>();
        string? next = null;
        do
        {
            var page = await bucket.ListAsync(_prefix + RawFileKey.KindPrefix(query.Kind), null, "/", next, MostKeys, cancellationToken);
            folders.AddRange(page.Folders.Select(folder => Written(folder[_prefix.Length..])));
            next = page.Next;
        }
        while (next is not null);
        return folders;
    }

    // A depot's folder that has what none has was not encoded by a server that says it was, and decoded here: what is left is the depot's own name.
    private string Written(string folder)
    {
        var start = RawFileKey.DepotPrefix(query.Kind, "")[..^1];
        return folder.StartsWith(start, StringComparison.Ordinal) && folder[start.Length..^1] is var depot && !depot.All(RawFileKey.IsOfFolder)
            ? RawFileKey.DepotPrefix(query.Kind, RawFileKey.FolderOf(depot))
            : folder;
    }

    private async Task ReadFolderAsync(string folder, int limit, CancellationToken cancellationToken)
    {
        var from = StartOf(folder);
        string? next = null;
        do
        {
            var page = await bucket.ListAsync(_prefix + folder, from is null ? null : _prefix + from, null, next, MostKeys, cancellationToken);
            foreach (var entry in page.Objects)
            {
                if (!Take(entry) || _found.Count == limit)
                {
                    return;
                }
            }

            next = page.Next;
        }
        while (next is not null);
    }

    // Keys after this; null for all of the folder.
    private string? StartOf(string folder)
    {
        var hour = query.From is { } from ? $"{folder}{HourIn(from - TimeSpan.FromHours(1))}" : null;
        var after = query.After is { } place && place.StartsWith(folder, StringComparison.Ordinal) ? place : null;
        return string.CompareOrdinal(hour, after) > 0 ? hour : after;
    }

    private static string HourIn(DateTimeOffset time) => RawFileKey.HourPrefix(default, "", time.ToUniversalTime())[RawFileKey.DepotPrefix(default, "").Length..];

    /// <summary>False when what comes now is later than asked for.</summary>
    private bool Take(S3Entry entry)
    {
        if (RawFileKey.Parse(entry.Key[_prefix.Length..]) is not { } key)
        {
            LeftOut++;
            return true;
        }

        if (query.To is { } to && key.Hour >= to)
        {
            return false;
        }

        if (query.From is not { } from || key.End > from)
        {
            _found.Add(new ListedFile(key, entry));
        }

        return true;
    }
}
