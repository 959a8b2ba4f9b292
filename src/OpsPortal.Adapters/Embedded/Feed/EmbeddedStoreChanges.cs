using System.Globalization;
using System.Runtime.CompilerServices;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Feed;

namespace OpsPortal.Adapters.Embedded.Feed;

/// <summary>Follows the numbered changes of train states, anomalies and alerts, whichever process made them.</summary>
internal sealed class EmbeddedStoreChanges(EmbeddedFiles files, TimeProvider time) : IStoreChanges
{
    private const int PageSize = 500;

    // "Nothing newer up to here" at least this often.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly SqliteFile _file = files.Operations;

    public Task<StoreCursor> GetCursorAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(static session => At(ChangeNumbers.Newest(session)), cancellationToken);

    public async IAsyncEnumerable<StoreChanges> FollowAsync(StoreCursor since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = since;
        long? last = null;
        while (true)
        {
            var change = _file.Changes.Next;
            var from = cursor;
            // Taken before reading: everything that was visible by then is on the page.
            var asOf = time.GetUtcNow();
            var page = await _file.ReadAsync(session => ReadPage(session, from, asOf), cancellationToken);
            cursor = page.Cursor;
            if (!IsEmpty(page) || last is not { } beat || time.GetElapsedTime(beat) >= Heartbeat)
            {
                last = time.GetTimestamp();
                yield return page;
            }

            if (IsEmpty(page))
            {
                await WaitAsync(change, Heartbeat - time.GetElapsedTime(last.Value), cancellationToken);
            }
        }
    }

    private static StoreChanges ReadPage(SqliteSession session, StoreCursor since, DateTimeOffset asOf)
    {
        var after = long.Parse(since.Value, CultureInfo.InvariantCulture);
        var newest = ChangeNumbers.Newest(session);
        if (after > newest)
        {
            // Following on would look like silence for ever.
            throw new InvalidOperationException($"The store is at change {newest}, before the cursor's {after}: it was replaced. Read a snapshot anew.");
        }

        var page = ChangedDocuments.Read(session, after, PageSize);
        return new StoreChanges(At(page.End), asOf, page.Trains, page.Anomalies, page.Alerts);
    }

    private static bool IsEmpty(StoreChanges page) => page is { Trains.Count: 0, Anomalies.Count: 0, Alerts.Count: 0 };

    private static StoreCursor At(long change) => new(change.ToString(CultureInfo.InvariantCulture));

    private async Task WaitAsync(Task change, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(atMost, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
