using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Everything received, as files (Firehose's part). A consumer of the source like the detector: what it has not written, the source keeps.</summary>
internal sealed class RawArchive(EmbeddedFiles files, ITelemetrySource source, ITrainRegistry registry, IOptions<DataOptions> options, TimeProvider time, ILogger<RawArchive> logger)
    : BackgroundService, IServiceHealth
{
    private const string Consumer = "raw";
    private static readonly TimeSpan LookAtLock = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAtHour = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly DataOptions _options = options.Value;
    private readonly RawFolder _folder = new(files.Folder);
    private ServiceHealth _health = new("raw archive", null, null);
    private int _failures;
    private long _archived;

    public ServiceHealth Get() => Volatile.Read(ref _health);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ArchiveAloneAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.CannotArchive(logger, e);
                _health = _health with { Problem = $"{e.Message} Nothing is lost: the source keeps what is not written yet." };
                await Task.Delay(Pause(), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ArchiveAloneAsync(CancellationToken cancellationToken)
    {
        using var alone = _folder.TryTakeLock();
        if (alone is null)
        {
            // Another process archives: stand by, in case it ends.
            await Task.Delay(LookAtLock, time, cancellationToken);
            return;
        }

        var catalogue = new RawCatalogue(files);
        using var writer = new RawWriter(catalogue, _folder, new DepotLookup(registry, time), time);
        _archived = await writer.TakeUpAsync(cancellationToken);
        await RefuseReplacedSourceAsync(cancellationToken);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = KeepAsync(writer, both.Token);
        var closing = CloseEndedAsync(writer, both.Token);
        var answering = CloseWhenAskedAsync(writer, catalogue, both.Token);
        var first = await Task.WhenAny(keeping, closing, answering);
        await both.CancelAsync();
        await Task.WhenAll(keeping, closing, answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task KeepAsync(RawWriter writer, CancellationToken cancellationToken)
    {
        await source.CommitAsync(Consumer, _archived, cancellationToken);
        await foreach (var batch in source.ReadBatchesAsync(_archived, _options.RawRecords, cancellationToken))
        {
            await writer.KeepAsync(batch, cancellationToken);
            Interlocked.Exchange(ref _archived, batch[^1].Offset);
            await source.CommitAsync(Consumer, batch[^1].Offset, cancellationToken);
            await writer.CloseEndedAsync(batch[^1].ReceivedAt, cancellationToken);
            SayWell();
            if (batch.Count < _options.RawRecords)
            {
                // Gathers: a few seconds compress far better than single messages.
                await Task.Delay(_options.RawInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>Closes ended hours also when nothing more is received.</summary>
    private async Task CloseEndedAsync(RawWriter writer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            if (await source.GetNewestOffsetAsync(cancellationToken) <= Interlocked.Read(ref _archived))
            {
                await writer.CloseEndedAsync(now, cancellationToken);
                SayWell();
            }

            await Task.Delay(LookAtHour, time, cancellationToken);
        }
    }

    /// <summary>Closes all open files when somebody wants what is in them, in this process or another.</summary>
    private async Task CloseWhenAskedAsync(RawWriter writer, RawCatalogue catalogue, CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = files.RawCatalogue.Changes.Next;
            if (await catalogue.FindWishAsync(cancellationToken) is var (asked, offset) && Interlocked.Read(ref _archived) >= offset)
            {
                await writer.CloseEndedAsync(DateTimeOffset.MaxValue, cancellationToken);
                await catalogue.AnswerWishAsync(asked, cancellationToken);
            }

            await change.WaitAsync(LookAtLock, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task RefuseReplacedSourceAsync(CancellationToken cancellationToken)
    {
        var newest = await source.GetNewestOffsetAsync(cancellationToken);
        if (newest < _archived)
        {
            throw new InvalidDataException($"Raw files reach to source offset {_archived}, the source only to {newest}: it was replaced. Move raw.db and the raw files aside together with it.");
        }
    }

    private void SayWell()
    {
        _failures = 0;
        _health = _health with { AsOf = time.GetUtcNow(), Problem = null };
    }

    private TimeSpan Pause()
    {
        var pause = TimeSpan.FromMilliseconds(250 * Math.Pow(2, Math.Min(_failures++, 10)));
        return pause < LongestPause ? pause : LongestPause;
    }
}
