using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>
/// Stands before the warehouse: so many queries of a user in a minute, and none that would read very much unless somebody who may says so. A warehouse that makes no plan stops nobody: its
/// limits of time hold all the same, and the run says what is wrong.
/// </summary>
internal sealed class QueryGuard(IWarehouse warehouse, IOptions<WorkbenchOptions> options) : IDisposable
{
    public const string MayNotOverride = "Your role may not set the guard aside. Ask for less, such as a shorter time or one train, or ask a data scientist or an administrator.";

    private readonly PartitionedRateLimiter<string> _pace = PartitionedRateLimiter.Create<string, string>(user => RateLimitPartition.GetSlidingWindowLimiter(
        user, _ => new SlidingWindowRateLimiterOptions { PermitLimit = options.Value.QueriesPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    public long? Limit => options.Value.LargestEstimate;

    /// <summary>Why this user must wait; null when they need not.</summary>
    public string? TooFast(User user)
    {
        using var lease = _pace.AttemptAcquire(user.Id);
        return lease.IsAcquired ? null : string.Create(CultureInfo.InvariantCulture, $"You have asked {options.Value.QueriesPerMinute} times within a minute, as often as is taken. Wait some seconds.");
    }

    public bool IsOver(QueryEstimate estimate) => estimate.Weight > Limit;

    /// <summary>The estimate of a query that would read too much; null when it would not, or nobody knows.</summary>
    public async Task<QueryEstimate?> FindOverAsync(User user, WarehouseQuery query, CancellationToken cancellationToken)
    {
        if (Limit is null)
        {
            return null;
        }

        try
        {
            var estimate = await warehouse.EstimateAsync(user, query, cancellationToken);
            return IsOver(estimate) ? estimate : null;
        }
        catch (Exception e) when (e is QueryFailedException or QueryCutException or WarehouseDeniedException or StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>What is too much about it: "it reads about 60 million rows, more than 50,000,000".</summary>
    public string Words(QueryEstimate estimate)
    {
        var rows = estimate.Rows is { } told ? $"goes through {QueryEstimate.InWords(told)}" : "goes through very many rows";
        var bytes = estimate.Bytes is { } read ? $" and reads {QueryEstimate.BytesInWords(read)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"the query {rows}{bytes} ({string.Join("; ", estimate.Words)}), more than the {Limit:N0}{(bytes.Length > 0 ? " rows" : "")} that run unasked");
    }

    public void Dispose() => _pace.Dispose();
}
