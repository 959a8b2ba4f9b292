using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>
/// Makes the server ready before anything is asked of it: looks who it is, installs templates, brings indices that are there up to them.
/// Every step may be done by several nodes at once and twice. Nothing is written before, or indices would be made without their mapping;
/// nor after the connection broke, until it is known that who answers is the same server and not an empty one in its place.
/// </summary>
internal sealed class Schema(OpenSearchClient client, Catalogue catalogue, IndexNames names, ServerKind server, IOptions<OpenSearchOptions> options, TimeProvider time) : IDisposable
{
    // Who comes soon after a failure is told the same: many who wait must not each wait for a server that is down.
    private static readonly TimeSpan FailureHolds = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile bool _ready;
    private string? _cluster;
    private int _breaks;
    private (string Problem, long At)? _failure;

    /// <summary>Returns when the server is ready.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be made ready; says what to do.</exception>
    public ValueTask EnsureAsync(CancellationToken cancellationToken) => IsReady ? ValueTask.CompletedTask : new ValueTask(EnsureOnceAsync(cancellationToken));

    /// <summary>An index has gone that should be there: everything is looked at anew.</summary>
    public void Forget() => _ready = false;

    public void Dispose() => _one.Dispose();

    private bool IsReady => _ready && Volatile.Read(ref _breaks) == client.Breaks;

    private async Task EnsureOnceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!IsReady)
            {
                await MakeReadyAsync(cancellationToken);
            }
        }
        catch (StoreUnavailableException e)
        {
            _failure ??= (e.Problem, time.GetTimestamp());
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task MakeReadyAsync(CancellationToken cancellationToken)
    {
        if (_failure is { } failure && time.GetElapsedTime(failure.At) < FailureHolds)
        {
            throw client.Unavailable(failure.Problem);
        }

        _failure = null;
        var breaks = client.Breaks;
        await server.CheckAsync(cancellationToken);
        if (!_ready || server.Cluster != _cluster)
        {
            _ready = false;
            await InstallAsync(cancellationToken);
            (_cluster, _ready) = (server.Cluster, true);
        }

        Volatile.Write(ref _breaks, breaks);
    }

    private async Task InstallAsync(CancellationToken cancellationToken)
    {
        foreach (var family in IndexFamily.All)
        {
            await InstallAsync(new IndexTemplate(family, names, options.Value), cancellationToken);
        }
    }

    private async Task InstallAsync(IndexTemplate template, CancellationToken cancellationToken)
    {
        try
        {
            await PutTemplateAsync(template, cancellationToken);
            var present = await catalogue.FindAsync(template.Family, cancellationToken);
            if (present.Count > 0)
            {
                await BringUpAsync(template, present, cancellationToken);
            }
            else if (!template.Family.IsFamily)
            {
                await CreateAsync(template.Family, cancellationToken);
            }
        }
        catch (OpenSearchRefusedException e)
        {
            throw client.Unavailable($"it does not take the form of {names.PatternOf(template.Family)}: {e.Error}. Another program's template or index is in the way, or a newer version's field: rename or reindex it, or set OpenSearch:IndexPrefix", e);
        }
    }

    private async Task PutTemplateAsync(IndexTemplate template, CancellationToken cancellationToken)
    {
        var path = $"_index_template/{template.Name}";
        var present = await client.TryAsync(HttpMethod.Get, path, null, OpenSearchJson.Default.TemplatesAnswer, cancellationToken);
        if (present?.Templates is [var there, ..] && there.Body.Meta?.Fingerprint == template.Fingerprint())
        {
            return;
        }

        await client.SendAsync(HttpMethod.Put, path, template.ToJson(), OpenSearchJson.Default.JsonObject, cancellationToken);
    }

    // Only ever adds fields; a field that is there as another type is refused, and the refusal names it.
    private async Task BringUpAsync(IndexTemplate template, IReadOnlyList<IndexRow> present, CancellationToken cancellationToken)
    {
        foreach (var row in present.Where(row => row.Status != "close"))
        {
            await client.SendAsync(HttpMethod.Put, $"{row.Name}/_mapping", template.Mapping(), OpenSearchJson.Default.JsonObject, cancellationToken);
            await client.SendAsync(HttpMethod.Put, $"{row.Name}/_settings", template.LiveSettings(), OpenSearchJson.Default.JsonObject, cancellationToken);
        }

        if (present.Any(row => row is { Status: not "close", Health: "red" }))
        {
            await catalogue.AwaitStartAsync(template.Family, cancellationToken);
        }
    }

    private async Task CreateAsync(IndexFamily family, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(HttpMethod.Put, names.PatternOf(family), null, OpenSearchJson.Default.JsonObject, cancellationToken);
        }
        catch (OpenSearchRefusedException e) when (e.Error.Type == "resource_already_exists_exception")
        {
            // Another node was quicker, or this one whose first request ran out of time: its shards may still be starting.
            await catalogue.AwaitStartAsync(family, cancellationToken);
        }
    }
}
