using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Looks at the bucket at start and now and then: what is wrong with it, or with the clock, is known before anybody asks for a file.</summary>
internal sealed class S3Watch(S3Buckets buckets, S3Health health, IOptions<S3Options> options, TimeProvider time, ILogger<S3Watch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(options.Value.LookInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await buckets.AskAsync((bucket, inner) => bucket.ListAsync(bucket.Place.Prefix, null, null, null, 1, inner), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends.
        }
        catch (StoreUnavailableException e)
        {
            health.NoteProblem(e.Problem);
        }
        catch (S3RefusedException e)
        {
            health.NoteProblem(e.Message);
        }
        catch (Exception e)
        {
            Log.CannotLook(logger, e);
            health.NoteProblem(e.Message);
        }
    }
}
