using System.Runtime.CompilerServices;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch.Audit;

/// <summary>
/// Audit rows in one chain, whoever writes: a row takes the number behind the last one, and only one writer can. Who comes second reads
/// what came in between and takes the next. So numbers have no gap, and every row's hash covers the one before.
/// </summary>
internal sealed class OpenSearchAuditLog(AuditRows rows, AwsChance chance) : IAuditLog, IDisposable
{
    private const int MostTries = 200;
    private const int Page = 1_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _one = new(1, 1);
    private AuditDocument? _last;

    public async Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var clean = AuditChain.AsKept(entry);
        var write = Guid.NewGuid().ToString("N");
        await _one.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; !await TryAppendAsync(clean, write, cancellationToken); attempt++)
            {
                if (attempt == MostTries)
                {
                    throw new StoreUnavailableException(OpenSearchClient.Store, $"no number of the audit could be had in {MostTries} attempts; others were quicker each time");
                }

                // Apart, or two that write much would meet at every number.
                await Task.Delay(LongestWait * (chance.Next() * Math.Min(attempt, 10) / 10), chance.Time, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public async IAsyncEnumerable<AuditRow> ReadAsync(long after, long limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // From what the server holds now, not from what this process remembers to have written: that is what is to be verified.
        var end = (await rows.FindLastAsync(null, cancellationToken))?.Number ?? 0;
        var to = limit < end - after ? after + limit : end;
        for (var from = after + 1; from <= to; from += Page)
        {
            foreach (var row in await rows.GetAsync(from, Math.Min(to, from + Page - 1), cancellationToken))
            {
                if (row is not null)
                {
                    yield return row.ToRow();
                }
            }
        }
    }

    public async Task<IReadOnlyList<AuditRow>> FindAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        if (query != AuditQuery.Newest(query.Limit, query.Before))
        {
            return [.. (await rows.SearchAsync(query, cancellationToken)).Select(row => row.ToRow())];
        }

        // Without a filter there is no need to search, and so nothing that is not to be found yet.
        var last = await rows.FindLastAsync(Volatile.Read(ref _last), cancellationToken);
        var to = Math.Min(last?.Number ?? 0, (query.Before ?? long.MaxValue) - 1);
        var found = await rows.GetAsync(Math.Max(1, to - query.Limit + 1), to, cancellationToken);
        return [.. found.OfType<AuditDocument>().Reverse().Select(row => row.ToRow())];
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> TryAppendAsync(AuditEntry entry, string write, CancellationToken cancellationToken)
    {
        _last ??= await rows.FindLastAsync(null, cancellationToken);
        var number = (_last?.Number ?? 0) + 1;
        var row = AuditDocument.Of(new AuditRow(number, entry, AuditChain.Hash(_last?.Hash ?? AuditChain.Start, number, entry)), write);
        var result = await rows.TryAppendAsync(row, cancellationToken);
        if (result.Fate == BulkFate.Refused)
        {
            throw new StoreUnavailableException(OpenSearchClient.Store, $"it refuses an audit row: {result.Error}");
        }

        if (result.Fate == BulkFate.Kept)
        {
            Volatile.Write(ref _last, row);
            return true;
        }

        // A request that was repeated because its answer was lost meets what itself has written: then it is done.
        var present = (await rows.GetAsync(number, number, cancellationToken))[0];
        Volatile.Write(ref _last, await rows.FindLastAsync(present ?? _last, cancellationToken));
        return present?.Write == write;
    }
}
