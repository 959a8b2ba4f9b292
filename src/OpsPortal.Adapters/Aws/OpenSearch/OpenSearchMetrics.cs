using System.Diagnostics.Metrics;
using OpsPortal.Adapters.Aws.OpenSearch.Client;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>What OpenSearch's adapter measures of itself.</summary>
internal sealed class OpenSearchMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OpsPortal.OpenSearch";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _documents;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _told;
    private long _behindDocuments;
    private double _behindSeconds;

    public OpenSearchMetrics()
    {
        _documents = _meter.CreateCounter<long>("opsportal.opensearch.bulk.documents", "{document}", "Documents sent in bulks, by what became of them.");
        _repeated = _meter.CreateCounter<long>("opsportal.opensearch.bulk.repeated", "{document}", "Documents sent again because the server had no time for them.");
        _told = _meter.CreateCounter<long>("opsportal.opensearch.follower.documents", "{document}", "Changes told by the follower.");
        _meter.CreateObservableGauge("opsportal.opensearch.follower.behind", () => BehindDocuments, "{document}", "Changes that can be found and are not told yet.");
        _meter.CreateObservableGauge("opsportal.opensearch.follower.lag", () => BehindSeconds, "s", "From the keeping of the newest told change to its telling, by the clocks of both.");
    }

    /// <summary>Changes that can be found and are not told yet.</summary>
    public long BehindDocuments => Interlocked.Read(ref _behindDocuments);

    /// <summary>From the keeping of the newest told change to its telling, seconds.</summary>
    public double BehindSeconds => Volatile.Read(ref _behindSeconds);

    public void NoteBulk(IReadOnlyList<BulkResult> results)
    {
        foreach (var fate in results.GroupBy(result => result.Fate))
        {
            _documents.Add(fate.Count(), new KeyValuePair<string, object?>("outcome", fate.Key.ToString()));
        }
    }

    public void NoteRepeated(int documents) => _repeated.Add(documents);

    /// <param name="lag">Of the newest told change; null when none was told.</param>
    public void NoteTold(int told, long behind, TimeSpan? lag)
    {
        Interlocked.Exchange(ref _behindDocuments, behind);
        if (lag is { } late)
        {
            _told.Add(told);
            Volatile.Write(ref _behindSeconds, Math.Max(0, late.TotalSeconds));
        }
    }

    public void Dispose() => _meter.Dispose();
}
