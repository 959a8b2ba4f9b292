using Microsoft.Extensions.Logging;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Simulated.Shadows;

/// <summary>One train's shadow client while it is connected: gets the shadow, applies it, and then listens. What fails is tried again, later each time.</summary>
internal sealed class ShadowClient(string trainId, IDeviceShadows shadows, IShadowDeltas deltas, Func<DateTimeOffset> trainTime, ShadowRetry retry, ILogger logger)
{
    private const string Name = "operations";

    /// <summary>Runs until the connection ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await ListenAsync(() => attempt = 1, cancellationToken);
                Log.ShadowWentQuiet(logger, trainId);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.ShadowFails(logger, trainId, attempt, e.Message);
            }

            await retry.WaitAsync(trainId, attempt, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The ear is open before the shadow is got: a change in between is heard, not missed.
    private async Task ListenAsync(Action applied, CancellationToken cancellationToken)
    {
        using var ear = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heard = deltas.WatchAsync(trainId, Name, ear.Token).GetAsyncEnumerator(ear.Token);
        var next = heard.MoveNextAsync().AsTask();
        try
        {
            if (await shadows.GetAsync(trainId, Name, cancellationToken) is { } shadow)
            {
                await ApplyAsync(shadow, cancellationToken);
            }

            applied();
            while (await next)
            {
                await ApplyAsync(heard.Current, cancellationToken);
                applied();
                next = heard.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator may only be disposed of when nobody waits on it.
            await ear.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await heard.DisposeAsync();
        }
    }

    private async Task ApplyAsync(DeviceShadow shadow, CancellationToken cancellationToken)
    {
        if (AppliedShadow.Report(shadow, trainTime()) is { } report)
        {
            await shadows.UpdateAsync(trainId, Name, new ShadowChange(null, report), cancellationToken);
        }
    }
}
