using System.Globalization;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;

namespace OpsPortal.Adapters.Aws.OpenSearch.Audit;

/// <summary>
/// Rows of the audit by number. A number leads to its index and id, so rows are read from the shard itself, not searched: what another
/// node appended a moment ago is there.
/// </summary>
internal sealed class AuditRows(Documents documents)
{
    private const int Piece = 500;
    private const int Ahead = 32;

    /// <summary>The last row that there is, null when there is none.</summary>
    /// <param name="known">A row known to be there; null when none is.</param>
    public async Task<AuditDocument?> FindLastAsync(AuditDocument? known, CancellationToken cancellationToken)
    {
        var last = known ?? await FindLastVisibleAsync(cancellationToken);
        while (true)
        {
            var next = await GetAsync((last?.Number ?? 0) + 1, (last?.Number ?? 0) + Ahead, cancellationToken);
            // Only without a gap: what is behind one was not written by this chain.
            var reached = next.TakeWhile(row => row is not null).LastOrDefault();
            last = reached ?? last;
            if (next[^1] is null || reached is null)
            {
                return last;
            }
        }
    }

    /// <summary>The rows from one number to another, both included; null for each that is not there.</summary>
    public async Task<IReadOnlyList<AuditDocument?>> GetAsync(long from, long to, CancellationToken cancellationToken)
    {
        var rows = new List<AuditDocument?>();
        for (var first = from; first <= to; first += Piece)
        {
            var numbers = Enumerable.Range(0, (int)Math.Min(Piece, to - first + 1)).Select(i => first + i);
            var kept = await documents.GetManyAsync([.. numbers.Select(number => (documents.Names.AuditOf(number), IdOf(number)))], OpenSearchJson.Default.ManyAnswerAuditDocument, cancellationToken);
            rows.AddRange(kept.Select(row => row?.Document));
        }

        return rows;
    }

    /// <summary>Appends the row if its number is still free.</summary>
    public async Task<BulkResult> TryAppendAsync(AuditDocument row, CancellationToken cancellationToken)
    {
        var item = new BulkItem(true, documents.Names.AuditOf(row.Number), IdOf(row.Number), row, OpenSearchJson.Default.AuditDocument);
        return (await documents.KeepAsync(IndexFamily.Audit, [item], cancellationToken))[0];
    }

    /// <summary>Rows that the query asks for, newest first. What another node wrote a moment ago may not be found yet; times go by the millisecond.</summary>
    public async Task<IReadOnlyList<AuditDocument>> SearchAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Audit, Scope.WholeFleet)
            .WhereIf(query.Who, who => Query.Term(Field.Who, who))
            .WhereIf(query.Act, act => Query.Term(Field.Act, act))
            .WhereIf(query.On, on => Query.Term(Field.On, on))
            .WhereIf(query.Outcome, outcome => Query.Term(Field.Outcome, outcome))
            .WhereIf(query.Correlation, correlation => Query.Term(Field.Correlation, correlation))
            .By(Field.Number, descending: true)
            .Take(query.Limit);
        if (query.From is not null || query.To is not null)
        {
            search.Where(Query.Between(Field.At, query.From, query.To));
        }

        if (query.Before is { } before)
        {
            search.Where(Query.Between(Field.Number, null, before));
        }

        var page = await documents.FindAsync(search, OpenSearchJson.Default.SearchAnswerAuditDocument, cancellationToken);
        return [.. page.Hits!.Hits.Select(hit => hit.Document!)];
    }

    private async Task<AuditDocument?> FindLastVisibleAsync(CancellationToken cancellationToken)
    {
        var search = new Search(IndexFamily.Audit, Scope.WholeFleet).By(Field.Number, descending: true).Take(1);
        var page = await documents.FindAsync(search, OpenSearchJson.Default.SearchAnswerAuditDocument, cancellationToken);
        return page.Hits!.Hits is [var hit, ..] ? hit.Document : null;
    }

    private static string IdOf(long number) => number.ToString(CultureInfo.InvariantCulture);
}
