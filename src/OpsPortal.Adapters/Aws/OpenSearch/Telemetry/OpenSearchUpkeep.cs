using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch.Telemetry;

/// <summary>Makes the server ready as soon as it answers, and clears away what is past its retention. A server that is down never holds a start up.</summary>
internal sealed class OpenSearchUpkeep(Schema schema, IndexRetention retention, IOptions<OpenSearchOptions> options, TimeProvider time, ILogger<OpenSearchUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private string? _said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = await KeepUpAsync(stoppingToken) ? options.Value.RetentionInterval : Soon;
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> KeepUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await schema.EnsureAsync(cancellationToken);
            await retention.ClearAsync(cancellationToken);
            _said = null;
            return true;
        }
        catch (StoreUnavailableException e) when (!cancellationToken.IsCancellationRequested)
        {
            SayOnce(e.Problem);
            return false;
        }
        catch (OperationCanceledException)
        {
            // Stopping.
            return false;
        }
    }

    // One line for one problem, however long it lasts.
    private void SayOnce(string problem)
    {
        if (_said != problem)
        {
            _said = problem;
            Log.NotReady(logger, problem, Soon.TotalSeconds);
        }
    }
}
