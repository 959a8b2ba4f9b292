using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>
/// The way in: read a batch → detect → keep → commit. Nothing is committed before it is kept, and what is kept again after
/// a kill is the same. Trains are told by <see cref="Shadows.ShadowDelivery"/>, which follows the store: a shadow service
/// that is slow or down never holds the trains' messages up.
/// </summary>
public sealed class DetectionPipeline(ITelemetrySource source, DetectorKeeping keeping, ITrainRegistry registry, PipelineFigures figures, PipelineSetting setting) : BackgroundService
{
    /// <summary>Name under which the pipeline commits to the source.</summary>
    public const string Consumer = "detector";

    private static readonly TimeSpan RegistryEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private DateTimeOffset _snapshotAt;
    private DateTimeOffset _registryAt;
    private long _committed;

    /// <summary>Runs until stopped; a failure is reported in the figures, and the run starts again from the last snapshot.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await RunAsync(() => failures = 0, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.PipelineFailed(setting.Logger, e);
                figures.Change(now => now with { Problem = e.Message });
                await PauseAsync(failures++, stoppingToken);
            }
        }
    }

    private async Task RunAsync(Action succeeded, CancellationToken cancellationToken)
    {
        var memory = await RecallAsync(cancellationToken);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var batches = source.ReadBatchesAsync(memory.SourceOffset, setting.Options.MaxBatch, reading.Token).GetAsyncEnumerator(reading.Token);
        while (await NextAsync(memory, batches, reading))
        {
            await RegisterAsync(memory, cancellationToken);
            var findings = memory.Take(batches.Current);
            await keeping.KeepAsync(findings, cancellationToken);
            keeping.Note(findings);
            await CommitWhenDueAsync(memory, cancellationToken);
            await CountAsync(findings, cancellationToken);
            succeeded();
        }
    }

    /// <summary>Waits for the next batch; where none comes, what was read last is committed as soon as it is due.</summary>
    private async Task<bool> NextAsync(DetectorMemory memory, IAsyncEnumerator<IReadOnlyList<SourceRecord>> batches, CancellationTokenSource reading)
    {
        var next = batches.MoveNextAsync().AsTask();
        try
        {
            if (memory.SourceOffset != _committed && await IsQuietAsync(next, reading.Token))
            {
                await CommitAsync(memory, reading.Token);
            }
        }
        catch
        {
            // An iterator that is still reading cannot be disposed of.
            await reading.CancelAsync();
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }

        return await next;
    }

    /// <summary>Whether no batch comes before the next snapshot is due.</summary>
    private async Task<bool> IsQuietAsync(Task next, CancellationToken cancellationToken)
    {
        if (next.IsCompleted)
        {
            return false;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var due = Task.Delay(UntilSnapshot(), setting.Time, waiting.Token);
        var first = await Task.WhenAny(next, due);
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == due;
    }

    private async Task<DetectorMemory> RecallAsync(CancellationToken cancellationToken)
    {
        var memory = new DetectorMemory(setting.Detector, setting.Options);
        if (await keeping.GetSnapshotAsync(cancellationToken) is { } snapshot)
        {
            foreach (var trainId in memory.Restore(snapshot))
            {
                Log.SnapshotUnreadable(setting.Logger, trainId);
            }
        }

        (_snapshotAt, _registryAt, _committed) = (setting.Time.GetUtcNow(), default, memory.SourceOffset);
        return memory;
    }

    private async Task RegisterAsync(DetectorMemory memory, CancellationToken cancellationToken)
    {
        if (setting.Time.GetUtcNow() - _registryAt < RegistryEvery)
        {
            return;
        }

        memory.Register(await registry.FindAllAsync(cancellationToken));
        _registryAt = setting.Time.GetUtcNow();
    }

    private Task CommitWhenDueAsync(DetectorMemory memory, CancellationToken cancellationToken) =>
        UntilSnapshot() > TimeSpan.Zero ? Task.CompletedTask : CommitAsync(memory, cancellationToken);

    private async Task CommitAsync(DetectorMemory memory, CancellationToken cancellationToken)
    {
        await keeping.KeepSnapshotAsync(memory.SourceOffset, cancellationToken);
        await source.CommitAsync(Consumer, memory.SourceOffset, cancellationToken);
        (_snapshotAt, _committed) = (setting.Time.GetUtcNow(), memory.SourceOffset);
        figures.Change(figure => figure with { CommittedOffset = memory.SourceOffset });
    }

    // A clock set back must not put the next snapshot off.
    private TimeSpan UntilSnapshot()
    {
        var since = setting.Time.GetUtcNow() - _snapshotAt;
        return since < TimeSpan.Zero || since >= setting.Options.SnapshotEvery ? TimeSpan.Zero : setting.Options.SnapshotEvery - since;
    }

    private async Task CountAsync(BatchFindings findings, CancellationToken cancellationToken)
    {
        var newest = await source.GetNewestOffsetAsync(cancellationToken);
        var at = setting.Time.GetUtcNow();
        var counts = findings.Counts;
        figures.Change(now => now with
        {
            Received = now.Received + counts.Received,
            Kept = now.Kept + counts.Kept,
            SetAside = now.SetAside + findings.SetAside.Count,
            Presence = now.Presence + counts.Presence,
            Late = now.Late + counts.Late,
            OutOfOrder = now.OutOfOrder + counts.OutOfOrder,
            Duplicates = now.Duplicates + counts.Duplicates,
            BadPositions = now.BadPositions + counts.BadPositions,
            Jumps = now.Jumps + counts.Jumps,
            BadReadings = now.BadReadings + counts.BadReadings,
            UnknownFields = now.UnknownFields + counts.UnknownFields,
            Ahead = now.Ahead + counts.Ahead,
            OutOfRange = now.OutOfRange + counts.OutOfRange,
            Unregistered = now.Unregistered + counts.Unregistered,
            Anomalies = now.Anomalies + findings.Anomalies.Count,
            LastBatchAt = at,
            SourceOffset = findings.LastOffset,
            NewestOffset = newest,
            Problem = null,
        });
    }

    // Doubles from 100 ms to 10 s, spread by half so that several detectors do not come back together.
    private Task PauseAsync(int failures, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(failures, 20))));
        return Task.Delay(pause * (0.5 + (setting.Chance.NextDouble() / 2)), setting.Time, cancellationToken);
    }
}

/// <summary>What the pipeline is told from outside: options, time, chance, log.</summary>
public sealed class PipelineSetting(IOptions<PipelineOptions> options, IOptions<DetectorOptions> detector, TimeProvider time, ILogger<DetectionPipeline> logger)
{
    public PipelineOptions Options { get; } = options.Value;

    public DetectorOptions Detector { get; } = detector.Value;

    public TimeProvider Time { get; } = time;

    /// <summary>For the spread of pauses only; detection draws from its own seed.</summary>
    public Random Chance { get; } = new(Environment.ProcessId);

    public ILogger Logger { get; } = logger;
}
