using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Adapters.Embedded.Audit;
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

    public async Task<IReadOnlyList<AuditRow>> FindAsync(long? beforeNumber, int limit, CancellationToken cancellationToken)
    {
        var last = await rows.FindLastAsync(Volatile.Read(ref _last), cancellationToken);
        var to = Math.Min(last?.Number ?? 0, (beforeNumber ?? long.MaxValue) - 1);
        var found = await rows.GetAsync(Math.Max(1, to - limit + 1), to, cancellationToken);
        return [.. found.OfType<AuditDocument>().Reverse().Select(row => row.ToRow())];
    }

    /// <summary>The number of the first row that is not what was written, or null when the chain is whole. A cut-off tail shows only against a hash kept elsewhere.</summary>
    public async Task<long?> FindBreakAsync(CancellationToken cancellationToken)
    {
        var end = (await rows.FindLastAsync(null, cancellationToken))?.Number ?? 0;
        var before = AuditChain.Start;
        for (var from = 1L; from <= end; from += Page)
        {
            var page = await rows.GetAsync(from, Math.Min(end, from + Page - 1), cancellationToken);
            for (var i = 0; i < page.Count; i++)
            {
                if (page[i]?.ToRow() is not { } row || row.Hash != AuditChain.Hash(before, from + i, row.Entry))
                {
                    return from + i;
                }

                before = row.Hash;
            }
        }

        return null;
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
