using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Copies closed raw files to the bucket, oldest first. Of several processes on one folder one copies, the others stand by.</summary>
internal sealed class RawFileCopying(RawCopies copies, RawFileCopier copier, IOptions<S3Options> options, TimeProvider time, ILogger<RawFileCopying> logger) : BackgroundService, IServiceHealth
{
    private const int AtOnce = 100;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private volatile ServiceHealth _health = new("copies of raw files in S3", null, null);
    private readonly ChangeSignal _wish = new();
    private int _failures;

    public ServiceHealth Get() => _health;

    /// <summary>Looks for closed files at once, unless the last attempt failed: then the pause stands.</summary>
    public void Wake() => _wish.Raise();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (pause, wish) = (options.Value.CopyInterval, _wish.Next);
            try
            {
                await CopyAloneAsync(stoppingToken);
                _failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.CannotCopy(logger, copier.PlaceName, e.Message);
                await NoteProblemAsync(e.Message, stoppingToken);
                (pause, wish) = (Pause(pause), Never);
            }

            await wish.WaitAsync(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CopyAloneAsync(CancellationToken cancellationToken)
    {
        using var alone = copies.TryTakeLock();
        if (alone is null)
        {
            return;
        }

        var (copied, bytes, others, last) = (0, 0L, new List<string>(), 0L);
        while (await copies.FindMissingAsync(copier.PlaceName, last, AtOnce, cancellationToken) is { Count: > 0 } missing)
        {
            foreach (var file in missing)
            {
                last = file.Id;
                if (await CopyAsync(file, cancellationToken) is { } problem)
                {
                    others.Add(problem);
                }
                else
                {
                    (copied, bytes) = (copied + 1, bytes + file.File.Bytes);
                }
            }
        }

        if (copied > 0)
        {
            Log.Copied(logger, copied, bytes, copier.PlaceName);
        }

        _health = _health with { AsOf = time.GetUtcNow(), Problem = others.Count == 0 ? null : $"{others.Count} files are not what is catalogued and were left alone; the first: {others[0]}" };
    }

    /// <returns>The problem, when this one file cannot be copied.</returns>
    private async Task<string?> CopyAsync(ClosedRawFile file, CancellationToken cancellationToken)
    {
        try
        {
            await copier.CopyAsync(file, cancellationToken);
            return null;
        }
        catch (OtherFileException e)
        {
            Log.OtherFile(logger, file.File.Key, copier.PlaceName, e.Message);
            return $"{file.File.Key}: {e.Message}";
        }
    }

    private async Task NoteProblemAsync(string problem, CancellationToken cancellationToken)
    {
        try
        {
            var waiting = await copies.CountMissingAsync(copier.PlaceName, cancellationToken);
            _health = _health with { Problem = $"{waiting} closed raw files wait to be copied to {copier.PlaceName}: {problem} Nothing is lost: they stay where they are." };
        }
        catch (StoreUnavailableException e)
        {
            _health = _health with { Problem = $"{problem} {e.Message}" };
        }
    }

    private TimeSpan Pause(TimeSpan shortest)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Max(shortest.TotalMilliseconds, 250 * Math.Pow(2, Math.Min(_failures++, 10))));
        return pause < LongestPause ? pause : LongestPause;
    }
}
