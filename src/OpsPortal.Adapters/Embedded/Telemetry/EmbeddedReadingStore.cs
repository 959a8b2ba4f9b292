using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Recent readings: one packed row per train and window, or part of a window that arrived apart.</summary>
internal sealed class EmbeddedReadingStore(EmbeddedFiles files) : IReadingStore
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly SqliteFile _file = files.Readings;

    public async Task KeepAsync(IReadOnlyList<ReadingWindow> windows, CancellationToken cancellationToken)
    {
        if (windows.Count > 0)
        {
            await _file.WriteAsync(session => Keep(session, windows), cancellationToken);
        }
    }

    public Task<IReadOnlyList<ReadingPoint>> FindAsync(Scope scope, string trainId, string sensor, DateTimeOffset from, DateTimeOffset to, TimeSpan resolution, CancellationToken cancellationToken)
    {
        if (resolution < Window || resolution.Ticks % Window.Ticks != 0)
        {
            throw new ArgumentException($"A resolution is a multiple of 10 s, not {resolution}.", nameof(resolution));
        }

        var query = new SqlQuery("SELECT start, late, sensors FROM readings")
            .And("train = $train AND start >= $from AND start < $to", ("$train", trainId), SqlValue.Time("$from", from), SqlValue.Time("$to", to))
            .Inside(scope)
            .Then("ORDER BY start, first_sequence");
        return _file.ReadAsync<IReadOnlyList<ReadingPoint>>(session => Find(session, query, sensor, from.UtcTicks, resolution.Ticks), cancellationToken);
    }

    private static List<ReadingPoint> Find(SqliteSession session, SqlQuery query, string sensor, long from, long resolution)
    {
        if (session.Number("SELECT id FROM sensors WHERE sensor = $sensor", ("$sensor", sensor)) is not { } number)
        {
            return [];
        }

        var points = new PointMerge(from, resolution);
        foreach (var (start, late, figures) in query.Read(session, row => (row.GetInt64(0), row.GetBoolean(1), PackedFigures.Find(row.GetFieldValue<byte[]>(2), (int)number))))
        {
            if (figures is { Count: > 0 } some)
            {
                points.Add(start, some, late);
            }
        }

        return points.ToList();
    }

    private static void Keep(SqliteSession session, IReadOnlyList<ReadingWindow> windows)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var change = ChangeNumbers.Take(session, 1);
        foreach (var window in windows)
        {
            session.Run(
                "INSERT OR REPLACE INTO readings VALUES ($train, $start, $sequence, $depot, $line, $class, $messages, $received, $late, $sensors, $change)",
                ("$train", window.Train.Id),
                SqlValue.Time("$start", window.Start),
                ("$sequence", window.FirstSequence),
                ("$depot", window.Train.Depot),
                ("$line", window.Train.Line),
                ("$class", window.Train.Class),
                ("$messages", window.Messages),
                SqlValue.Time("$received", window.LastReceivedAt),
                ("$late", window.Late),
                ("$sensors", PackedFigures.Pack(window.Sensors, sensor => NumberOf(session, numbers, sensor))),
                ("$change", change));
        }
    }

    // Sensors are named once, not in every row: rows stay small. Looked up anew in each call, as a call may be rolled back.
    private static int NumberOf(SqliteSession session, Dictionary<string, int> numbers, string sensor)
    {
        if (!numbers.TryGetValue(sensor, out var number))
        {
            session.Run("INSERT INTO sensors (sensor) VALUES ($sensor) ON CONFLICT DO NOTHING", ("$sensor", sensor));
            number = (int)session.Number("SELECT id FROM sensors WHERE sensor = $sensor", ("$sensor", sensor))!.Value;
            numbers.Add(sensor, number);
        }

        return number;
    }
}
