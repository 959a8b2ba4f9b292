using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Clears old readings away, oldest first and in small pieces, so that no write waits long for it.</summary>
internal sealed class EmbeddedReadingRetention(EmbeddedFiles files, IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedReadingRetention> logger)
    : BackgroundService, IReadingRetention, IServiceHealth
{
    private const int Piece = 1_000;

    private readonly SqliteFile _file = files.Readings;
    private readonly DataOptions _options = options.Value;
    private ServiceHealth _health = new("reading retention", null, null);

    public ServiceHealth Get() => Volatile.Read(ref _health);

    public Task<ReadingRetention> GetAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(
            session => new ReadingRetention(
                _options.KeepReadings,
                _options.MaxBytes,
                UsedBytes(session),
                session.Number("SELECT min(start) FROM readings") is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null),
            cancellationToken);

    /// <summary>Clears away all that is too old or too much.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var tooOld = time.GetUtcNow() - _options.KeepReadings;
        while (await _file.WriteAsync(session => ClearPiece(session, tooOld), cancellationToken) == Piece)
        {
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ClearOnceAsync(stoppingToken);
            await Task.Delay(_options.RetentionInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ClearOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ClearAsync(cancellationToken);
            _health = _health with { AsOf = time.GetUtcNow(), Problem = null };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.CannotClear(logger, e);
            _health = _health with { Problem = e.Message };
        }
        catch (OperationCanceledException)
        {
            // Stopping: the rest is cleared after the next start.
        }
    }

    private int ClearPiece(SqliteSession session, DateTimeOffset tooOld)
    {
        var before = UsedBytes(session) > _options.MaxBytes ? DateTimeOffset.MaxValue : tooOld;
        return session.Run(
            """
            DELETE FROM readings WHERE (train, start, first_sequence) IN
                (SELECT train, start, first_sequence FROM readings WHERE start < $before ORDER BY start LIMIT $piece)
            """,
            SqlValue.Time("$before", before),
            ("$piece", Piece));
    }

    // Pages given free are filled again before the file grows.
    private static long UsedBytes(SqliteSession session) =>
        (session.Number("PRAGMA page_count")!.Value - session.Number("PRAGMA freelist_count")!.Value) * session.Number("PRAGMA page_size")!.Value;
}
