using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch.Alerts;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Detection;
using OpsPortal.Adapters.Aws.OpenSearch.Fleet;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Feed;

namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>One run of the follower: where it stands in each index, and the reading on from there.</summary>
internal sealed class Following
{
    private readonly Dictionary<string, FollowedIndex> _indices;
    private readonly OpenSearchOptions _options;
    private readonly FollowerTools _tools;
    private readonly PrimaryTerms _terms;
    private readonly FollowedFamily<TrainDocument> _trains;
    private readonly FollowedFamily<AnomalyDocument> _anomalies;
    private readonly FollowedFamily<AlertDocument> _alerts;
    private DateTimeOffset _asOf;

    public Following(FollowerCursor since, FollowerTools tools)
    {
        (_tools, _terms, _options, _asOf) = (tools, new PrimaryTerms(tools), tools.Options, since.AsOf);
        var now = tools.Time.GetTimestamp();
        _indices = since.Indices.ToDictionary(index => index.Key, index => FollowedIndex.Of(index.Value, _options.SeenIds, now), StringComparer.Ordinal);
        _trains = new(IndexFamily.Trains, _options.PageSize, OpenSearchJson.Default.SearchAnswerTrainDocument);
        _anomalies = new(IndexFamily.Anomalies, _options.PageSize, OpenSearchJson.Default.SearchAnswerAnomalyDocument);
        _alerts = new(IndexFamily.Alerts, _options.PageSize, OpenSearchJson.Default.SearchAnswerAlertDocument);
    }

    /// <summary>Whether the last page was not all there was.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Reads one page. A failure leaves everything where it was: a part of an answer never moves the place on.</summary>
    public async Task<StoreChanges> ReadAsync(CancellationToken cancellationToken)
    {
        // Taken before reading: everything that was visible by then is on the page.
        var asOf = _tools.Time.GetUtcNow();
        var (trains, anomalies, alerts) = await ReadPagesAsync(cancellationToken);
        if (await IsTakenUpAsync(_trains, trains, cancellationToken) | await IsTakenUpAsync(_anomalies, anomalies, cancellationToken) | await IsTakenUpAsync(_alerts, alerts, cancellationToken))
        {
            // Asked from where it was before: numbers given anew were not among what was asked for.
            (trains, anomalies, alerts) = await ReadPagesAsync(cancellationToken);
        }

        IsBehind = trains.IsFull || anomalies.IsFull || alerts.IsFull;
        _asOf = IsBehind ? _asOf : asOf;
        var page = new StoreChanges(
            new StoreCursor(""),
            _asOf,
            [.. Take(_trains, trains).Select(document => document.Body)],
            [.. Take(_anomalies, anomalies).Select(document => document.Body)],
            [.. Take(_alerts, alerts).Select(document => document.Body)]);
        ForgetOldGaps();
        NoteTold(page, trains, anomalies, alerts);
        return page with { Cursor = FollowerCursor.Write(_asOf, _indices) };
    }

    private async Task<(FollowedPage<TrainDocument> Trains, FollowedPage<AnomalyDocument> Anomalies, FollowedPage<AlertDocument> Alerts)> ReadPagesAsync(CancellationToken cancellationToken)
    {
        var reading = (_trains.ReadAsync(_tools.Documents, _indices, cancellationToken), _anomalies.ReadAsync(_tools.Documents, _indices, cancellationToken), _alerts.ReadAsync(_tools.Documents, _indices, cancellationToken));
        await Task.WhenAll(reading.Item1, reading.Item2, reading.Item3);
        return (await reading.Item1, await reading.Item2, await reading.Item3);
    }

    // Before anything of the page is taken: whether one of its indices shows a higher term than was seen.
    private async Task<bool> IsTakenUpAsync<T>(FollowedFamily<T> family, FollowedPage<T> page, CancellationToken cancellationToken)
    {
        var isTakenUp = false;
        foreach (var (name, term) in page.Hits.GroupBy(hit => hit.Index).Select(hits => (hits.Key, hits.Max(hit => hit.Term))))
        {
            isTakenUp |= term is { } present && await IsTakenUpAsync(family.Kind, name, present, cancellationToken);
        }

        if (isTakenUp)
        {
            family.Restart();
        }

        return isTakenUp;
    }

    private async Task<bool> IsTakenUpAsync(IndexFamily family, string name, long term, CancellationToken cancellationToken)
    {
        var before = IndexOf(family, name);
        _indices[name] = await _terms.TakeUpAsync(family, name, before, term, cancellationToken);
        return before.Term < term;
    }

    /// <summary>Looks whether the indices are still those that were followed.</summary>
    /// <exception cref="InvalidOperationException">One was replaced: following on would look like silence for ever.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var family in IndexFamily.Followed)
        {
            var present = (await _tools.Catalogue.FindAsync(family, cancellationToken)).ToDictionary(row => row.Name, StringComparer.Ordinal);
            foreach (var (name, followed) in _indices.Where(index => IsOf(family, index.Key)).ToList())
            {
                Check(family, name, followed, present.GetValueOrDefault(name));
            }

            foreach (var (name, term) in (await _tools.Catalogue.FindTermsAsync(family, cancellationToken)).Where(index => _indices.ContainsKey(index.Key)))
            {
                if (await IsTakenUpAsync(family, name, term, cancellationToken))
                {
                    _trains.Restart();
                    _anomalies.Restart();
                    _alerts.Restart();
                }
            }
        }
    }

    private void Check(IndexFamily family, string name, FollowedIndex followed, IndexRow? row)
    {
        if (row is null && family.IsFamily)
        {
            // Past its retention.
            _indices.Remove(name);
        }
        else if (row is null || (followed.Uuid is not null && row.Uuid != followed.Uuid))
        {
            throw new InvalidOperationException($"Index {name} was replaced. Read a snapshot anew.");
        }
        else if (row.Primaries is not (null or "1"))
        {
            throw new InvalidOperationException($"Index {name} has {row.Primaries} shards; the follower needs one. Reindex it into an index of this product's template.");
        }
        else
        {
            _indices[name] = followed with { Uuid = row.Uuid };
        }
    }

    private List<T> Take<T>(FollowedFamily<T> family, FollowedPage<T> page)
    {
        var now = _tools.Time.GetTimestamp();
        var news = page.Hits.Where(hit => IndexOf(family.Kind, hit.Index).Seen.Take(hit.Number ?? throw NoNumber(hit.Index), now)).Select(hit => hit.Document!).ToList();
        family.Follow(page);
        return news;
    }

    private FollowedIndex IndexOf(IndexFamily family, string name)
    {
        if (_indices.TryGetValue(name, out var index))
        {
            return index;
        }

        // Of one index there is only one: another under its name, which an alias has now, would be told from its first document on.
        return !family.IsFamily && _indices.Keys.FirstOrDefault(followed => IsOf(family, followed)) is { } before
            ? throw new InvalidOperationException($"Index {before} was replaced by {name}. Read a snapshot anew.")
            : _indices[name] = new FollowedIndex(null, null, new SeenNumbers(_options.SeenIds));
    }

    private bool IsOf(IndexFamily family, string name) => name.StartsWith(_tools.Documents.Names.PatternOf(family).TrimEnd('*'), StringComparison.Ordinal);

    private void ForgetOldGaps()
    {
        var before = _tools.Time.GetTimestamp() - (long)(_options.Overlap.TotalSeconds * _tools.Time.TimestampFrequency);
        foreach (var index in _indices.Values)
        {
            index.Seen.Forget(before);
        }
    }

    private void NoteTold(StoreChanges page, FollowedPage<TrainDocument> trains, FollowedPage<AnomalyDocument> anomalies, FollowedPage<AlertDocument> alerts)
    {
        var told = page.Trains.Count + page.Anomalies.Count + page.Alerts.Count;
        var behind = Behind(trains) + Behind(anomalies) + Behind(alerts);
        var newest = trains.Hits.Select(hit => hit.Document!.KeptAt).Concat(anomalies.Hits.Select(hit => hit.Document!.KeptAt)).Concat(alerts.Hits.Select(hit => hit.Document!.KeptAt)).DefaultIfEmpty().Max();
        _tools.Metrics.NoteTold(told, behind, told == 0 ? null : _tools.Time.GetUtcNow() - newest);
    }

    private static long Behind<T>(FollowedPage<T> page) => page.IsFull ? Math.Max(0, page.Total - page.Hits.Count) : 0;

    private static InvalidOperationException NoNumber(string index) =>
        new($"The server gives no sequence numbers for {index}: changes cannot be followed there (see the README on serverless collections).");
}

/// <summary>What a run of the follower works with.</summary>
internal sealed class FollowerTools(Documents documents, Catalogue catalogue, IOptions<OpenSearchOptions> options, OpenSearchMetrics metrics, TimeProvider time)
{
    public Documents Documents => documents;

    public Catalogue Catalogue => catalogue;

    public OpenSearchOptions Options => options.Value;

    public OpenSearchMetrics Metrics => metrics;

    public TimeProvider Time => time;
}
