using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>
/// Makes the processed tables from the other files, by their change numbers, and clears old readings away. Rows and numbers are kept together: killed
/// in the middle it goes on where it was, and doing something twice changes nothing. Any number of processes may do it; only one does each piece.
/// </summary>
internal sealed class WarehouseFilling(EmbeddedFiles files, IOptions<DataOptions> options, TimeProvider time, ILogger<WarehouseFilling> logger) : BackgroundService, IServiceHealth
{
    private const int Piece = 2_000;
    // Greater than every time. Not a digit: beside a column of times a text that is a number is compared as one, and is less than all texts.
    private const string AfterAll = "~";

    private const long MinuteTicks = TimeSpan.TicksPerMinute;

    private readonly DataOptions _options = options.Value;
    private ServiceHealth _health = new("warehouse filling", null, null);

    public ServiceHealth Get() => Volatile.Read(ref _health);

    /// <summary>Brings in everything that is there.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        while (await FillOperationsAsync(cancellationToken))
        {
        }

        while (await FillReadingsAsync(cancellationToken))
        {
        }
    }

    /// <summary>Clears away readings that are too old or too much, in small pieces.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var tooOld = Text((time.GetUtcNow() - _options.KeepWarehouse).UtcTicks);
        while (await files.Warehouse.WriteAsync(session => ClearPiece(session, tooOld), cancellationToken) == Piece)
        {
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FillAsync(stoppingToken);
                await ClearAsync(stoppingToken);
                _health = _health with { AsOf = time.GetUtcNow(), Problem = null };
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.CannotFill(logger, e);
                _health = _health with { Problem = $"{e.Message} The processed tables fall behind; nothing is lost." };
            }
            catch (OperationCanceledException)
            {
                // Stopping: the rest comes after the next start.
            }

            await Task.Delay(_options.WarehouseInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> FillOperationsAsync(CancellationToken cancellationToken)
    {
        var after = await files.Warehouse.ReadAsync(static session => session.Number("SELECT operations FROM filled")!.Value, cancellationToken);
        var page = await files.Operations.ReadAsync(session => ChangedDocuments.Read(session, after, Piece), cancellationToken);
        return page.End > after && await files.Warehouse.WriteAsync(
            session =>
            {
                // Another process has done this piece meanwhile.
                if (session.Run("UPDATE filled SET operations = $end WHERE operations = $after", ("$end", page.End), ("$after", after)) == 1)
                {
                    ProcessedRows.Write(session, page);
                }

                return true;
            },
            cancellationToken);
    }

    private async Task<bool> FillReadingsAsync(CancellationToken cancellationToken)
    {
        var after = await files.Warehouse.ReadAsync(static session => session.Number("SELECT readings FROM filled")!.Value, cancellationToken);
        var (end, minutes) = await files.Readings.ReadAsync(session => Minutes(session, after), cancellationToken);
        return end > after && await files.Warehouse.WriteAsync(
            session =>
            {
                if (session.Run("UPDATE filled SET readings = $end WHERE readings = $after", ("$end", end), ("$after", after)) == 1)
                {
                    minutes.ForEach(minute => minute.Write(session));
                    WriteTrainMinutes(session, minutes);
                }

                return true;
            },
            cancellationToken);
    }

    // Whole minutes, from all their windows: late ones, and parts that arrived apart, change a minute that is there already.
    private static (long End, List<ReadingMinute> Minutes) Minutes(SqliteSession session, long after)
    {
        // Number 0: kept before there were numbers. They come with the first piece, whole: numbers are never split over two pieces.
        var touched = new HashSet<(string Train, long Minute)>();
        var end = after;
        session.ReadWhile(
            "SELECT change, train, start FROM readings WHERE change > $after OR (change = 0 AND $after = 0) ORDER BY change",
            row =>
            {
                var change = row.GetInt64(0);
                if (touched.Count >= Piece && change != end)
                {
                    return false;
                }

                end = Math.Max(change, end);
                touched.Add((row.GetString(1), row.GetInt64(2) / MinuteTicks * MinuteTicks));
                return true;
            },
            ("$after", after));
        var names = session.Read("SELECT id, sensor FROM sensors", row => (row.GetInt32(0), row.GetString(1))).ToDictionary(sensor => sensor.Item1, sensor => sensor.Item2);
        return (end, [.. touched.SelectMany(minute => ReadingMinute.Of(session, minute.Train, minute.Minute, names))]);
    }

    // Where there is too much, train minutes go as far back as the readings themselves and no further.
    private int ClearPiece(SqliteSession session, string tooOld)
    {
        var isTooMuch = IsTooMuch(session);
        var readings = ClearReadings(session, isTooMuch ? AfterAll : tooOld);
        var oldest = isTooMuch ? session.First("SELECT minute FROM readings_minute ORDER BY minute LIMIT 1", static row => row.GetString(0)) ?? AfterAll : tooOld;
        return Math.Max(readings, ClearTrainMinutes(session, oldest));
    }

    private static int ClearReadings(SqliteSession session, string before) =>
        session.Run(
            "DELETE FROM readings_minute WHERE (minute, train, sensor, depot, line, class) IN (SELECT minute, train, sensor, depot, line, class FROM readings_minute WHERE minute < $before ORDER BY minute LIMIT $piece)",
            ("$before", before),
            ("$piece", Piece));

    private bool IsTooMuch(SqliteSession session) =>
        (session.Number("PRAGMA page_count")!.Value - session.Number("PRAGMA freelist_count")!.Value) * session.Number("PRAGMA page_size")!.Value > _options.MaxWarehouseBytes;

    private static int ClearTrainMinutes(SqliteSession session, string before) =>
        session.Run(
            "DELETE FROM train_minutes WHERE (minute, train, depot, line, class) IN (SELECT minute, train, depot, line, class FROM train_minutes WHERE minute < $before ORDER BY minute LIMIT $piece)",
            ("$before", before),
            ("$piece", Piece));

    // Every touched minute comes whole, so that its sum replaces what was there.
    private static void WriteTrainMinutes(SqliteSession session, List<ReadingMinute> minutes)
    {
        foreach (var minute in minutes.GroupBy(minute => (minute.Minute, minute.Train)))
        {
            session.Run(
                "INSERT OR REPLACE INTO train_minutes VALUES ($minute, $train, $depot, $line, $class, $readings, $late)",
                ("$minute", minute.Key.Minute),
                ("$train", minute.Key.Train.Id),
                ("$depot", minute.Key.Train.Depot),
                ("$line", minute.Key.Train.Line),
                ("$class", minute.Key.Train.Class),
                ("$readings", minute.Sum(sensor => sensor.Readings)),
                ("$late", minute.Any(sensor => sensor.Late)));
        }
    }

    /// <summary>A time as the processed tables write it.</summary>
    internal static string Text(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    internal static string? Text(DateTimeOffset? at) => at is { } some ? Text(some.UtcTicks) : null;

    /// <summary>One train's sensor in one minute.</summary>
    private sealed record ReadingMinute(string Minute, TrainIdentity Train, string Sensor, int Readings, double Min, double Mean, double Max, bool Late)
    {
        public static IEnumerable<ReadingMinute> Of(SqliteSession session, string train, long minute, Dictionary<int, string> names)
        {
            // By identity too: what was measured stays with whom it was measured, also when the train moved in that minute.
            var sums = new Dictionary<(TrainIdentity Train, int Sensor), (int Count, double Min, double Sum, double Max, bool Late)>();
            session.ReadWhile(
                "SELECT depot, line, class, late, sensors FROM readings WHERE train = $train AND start >= $from AND start < $to",
                row =>
                {
                    var identity = new TrainIdentity(train, row.GetString(0), row.GetString(1), row.GetString(2));
                    var late = row.GetBoolean(3);
                    foreach (var (sensor, figures) in PackedFigures.All(row.GetFieldValue<byte[]>(4)))
                    {
                        if (figures.Count > 0)
                        {
                            var sum = sums.GetValueOrDefault((identity, sensor), (0, double.PositiveInfinity, 0, double.NegativeInfinity, false));
                            sums[(identity, sensor)] = (sum.Count + figures.Count, Math.Min(sum.Min, figures.Min), sum.Sum + figures.Sum, Math.Max(sum.Max, figures.Max), sum.Late || late);
                        }
                    }

                    return true;
                },
                ("$train", train),
                ("$from", minute),
                ("$to", minute + MinuteTicks));
            return sums.Select(sum => new ReadingMinute(
                Text(minute), sum.Key.Train, names[sum.Key.Sensor], sum.Value.Count, sum.Value.Min, sum.Value.Sum / sum.Value.Count, sum.Value.Max, sum.Value.Late));
        }

        public void Write(SqliteSession session) =>
            session.Run(
                "INSERT OR REPLACE INTO readings_minute VALUES ($minute, $train, $depot, $line, $class, $sensor, $readings, $min, $mean, $max, $late)",
                ("$minute", Minute),
                ("$train", Train.Id),
                ("$depot", Train.Depot),
                ("$line", Train.Line),
                ("$class", Train.Class),
                ("$sensor", Sensor),
                ("$readings", Readings),
                ("$min", Min),
                ("$mean", Mean),
                ("$max", Max),
                ("$late", Late));
    }
}
