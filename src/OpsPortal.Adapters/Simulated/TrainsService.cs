using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated;

/// <summary>The trains' loop: measure, keep, send, second by second. A message is on disk before it is sent, and stays until it is confirmed.</summary>
internal sealed class TrainsService(TrainParts parts, ITrainRegistry registry, ITelemetryIntake intake, IOptions<TrainsOptions> options, TimeProvider time, ILogger<TrainsService> logger) : BackgroundService
{
    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            using var run = await BeginAsync(stoppingToken);
            while (true)
            {
                await run.WaitAsync(stoppingToken);
                await run.MeasureAsync(stoppingToken);
                await run.KeepAsync(stoppingToken);
                await run.SendAsync(stoppingToken);
                await run.ConnectAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped. What is not confirmed is in the outbox.
        }
        finally
        {
            await parts.Shadows.DisconnectAllAsync();
        }
    }

    // The stores may not be there yet when everything starts at once.
    private async Task<FleetRun> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var run = new FleetRun(parts, intake, options.Value, time, logger);
            try
            {
                await registry.RegisterAsync([.. parts.Fleet.Trains.Select(train => train.Registered), .. parts.Shelf.Trains], cancellationToken);
                await run.BeginAsync(parts.Planter, cancellationToken);
                return run;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                run.Dispose();
                Log.CannotStart(logger, e);
            }

            await Task.Delay(StartAgainAfter, time, cancellationToken);
        }
    }
}
