using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>
/// The ear of simulated trains that run against a shadow service over REST: it looks at the shadow again and again. Real trains hear over
/// MQTT; nothing of the portal or the detector uses this. Changes that this process makes are heard at once.
/// </summary>
internal sealed class IotShadowDeltas(IotDeviceShadows shadows, ShadowEars ears, IOptions<IotOptions> options, TimeProvider time, ILogger<IotShadowDeltas> logger) : IShadowDeltas
{
    public async IAsyncEnumerable<DeviceShadow> WatchAsync(string trainId, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        using var listener = ears.Add(trainId, name);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looking = LookAsync(trainId, name, stop.Token);
        try
        {
            await foreach (var shadow in listener.Shadows.ReadAllAsync(cancellationToken))
            {
                yield return shadow;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // What it finds is told to the listeners by the reading itself.
                await shadows.GetAsync(trainId, name, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.CannotLook(logger, trainId, e.Message);
            }

            await Task.Delay(options.Value.PollInterval, time, cancellationToken);
        }
    }
}
