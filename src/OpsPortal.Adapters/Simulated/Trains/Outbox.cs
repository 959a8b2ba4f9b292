using Microsoft.Data.Sqlite;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>How far the fleet has come.</summary>
/// <param name="LastSecond">Unix second measured last, 0 before the first.</param>
/// <param name="Sequence">Sequence of that second's messages.</param>
/// <param name="NextNumber">Running number of the next record.</param>
internal readonly record struct FleetProgress(long LastSecond, long Sequence, long NextNumber);

/// <summary>How far a recording has been played.</summary>
/// <param name="Key">What it is kept under: what its trains' ids are made of, and which file it is.</param>
/// <param name="AnchorMs">Played time of its first row, Unix milliseconds.</param>
/// <param name="RowsRead">Rows taken from the file.</param>
internal readonly record struct RecordingProgress(string Key, long AnchorMs, long RowsRead);

/// <summary>
/// What the trains have measured and the source has not confirmed, on disk; together with how far they have come, so that a kill
/// between any two steps neither loses a message nor measures one twice. One file, one user: the fleet's loop.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), last_second INTEGER NOT NULL, sequence INTEGER NOT NULL, next_number INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS ready (first_number INTEGER PRIMARY KEY, last_number INTEGER NOT NULL, shapes BLOB NOT NULL, bodies BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS held (id INTEGER PRIMARY KEY, train_id TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS held_train ON held (train_id, id);
        CREATE TABLE IF NOT EXISTS delayed (id INTEGER PRIMARY KEY, due_second INTEGER NOT NULL, train_id TEXT NOT NULL, overtaken INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS recordings (train_id TEXT PRIMARY KEY, anchor_ms INTEGER NOT NULL, rows_read INTEGER NOT NULL);
        """;

    private readonly SqliteConnection _connection;

    public Outbox(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        using var command = Command(Schema);
        command.ExecuteNonQuery();
    }

    public FleetProgress Progress()
    {
        using var command = Command("SELECT last_second, sequence, next_number FROM progress");
        using var reader = command.ExecuteReader();
        return reader.Read() ? new FleetProgress(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : new FleetProgress(0, 0, 1);
    }

    public IReadOnlyList<RecordingProgress> Recordings()
    {
        using var command = Command("SELECT train_id, anchor_ms, rows_read FROM recordings");
        using var reader = command.ExecuteReader();
        var found = new List<RecordingProgress>();
        while (reader.Read())
        {
            found.Add(new RecordingProgress(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return found;
    }

    /// <summary>Says which file an earlier version's progress is of: it was kept under the trains only.</summary>
    public void NameFile(string trains, string key) => Run("UPDATE OR IGNORE recordings SET train_id = $key WHERE train_id = $trains", ("$key", key), ("$trains", trains));

    /// <summary>Trains with held messages.</summary>
    public IReadOnlyList<string> HoldingTrains()
    {
        using var command = Command("SELECT DISTINCT train_id FROM held");
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <summary>A train's held messages, oldest first.</summary>
    public IReadOnlyList<byte[]> Held(string trainId)
    {
        using var command = Command("SELECT body FROM held WHERE train_id = $train ORDER BY id", ("$train", trainId));
        using var reader = command.ExecuteReader();
        var found = new List<byte[]>();
        while (reader.Read())
        {
            found.Add(reader.GetFieldValue<byte[]>(0));
        }

        return found;
    }

    /// <summary>Messages held back on purpose, in the order they were.</summary>
    public IReadOnlyList<DelayedMessage> Delayed()
    {
        using var command = Command("SELECT id, due_second, train_id, overtaken, body FROM delayed ORDER BY id");
        using var reader = command.ExecuteReader();
        var found = new List<DelayedMessage>();
        while (reader.Read())
        {
            found.Add(new DelayedMessage(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetBoolean(3), reader.GetFieldValue<byte[]>(4)));
        }

        return found;
    }

    /// <summary>Keeps a turn's work in one step: records to send, messages held, how far all have come; and forgets what is confirmed.</summary>
    /// <param name="numbered">The batch's records, or null when it has none.</param>
    public void Keep(OutboxBatch batch, NumberedBatch? numbered, FleetProgress progress, IReadOnlyList<RecordingProgress> recordings, long confirmed)
    {
        using var transaction = _connection.BeginTransaction();
        Run("DELETE FROM ready WHERE last_number <= $confirmed", ("$confirmed", confirmed));
        foreach (var trainId in batch.Released)
        {
            Run("DELETE FROM held WHERE train_id = $train", ("$train", trainId));
        }

        if (numbered is not null)
        {
            Run("INSERT INTO ready VALUES ($first, $last, $shapes, $bodies)", ("$first", numbered.First), ("$last", numbered.Last), ("$shapes", numbered.Shapes), ("$bodies", numbered.Bodies));
        }

        foreach (var message in batch.Held)
        {
            Run("INSERT INTO held (train_id, body) VALUES ($train, $body)", ("$train", message.TrainId), ("$body", message.Body));
        }

        KeepDelayed(batch);
        foreach (var recording in recordings)
        {
            Run("INSERT OR REPLACE INTO recordings VALUES ($train, $anchor, $rows)", ("$train", recording.Key), ("$anchor", recording.AnchorMs), ("$rows", recording.RowsRead));
        }

        Run("INSERT OR REPLACE INTO progress VALUES (1, $second, $sequence, $next)", ("$second", progress.LastSecond), ("$sequence", progress.Sequence), ("$next", progress.NextNumber));
        transaction.Commit();
    }

    /// <summary>The oldest batch with a number above <paramref name="confirmed"/>, or null.</summary>
    public NumberedBatch? Oldest(long confirmed)
    {
        using var command = Command("SELECT first_number, shapes, bodies FROM ready WHERE last_number > $confirmed ORDER BY first_number LIMIT 1", ("$confirmed", confirmed));
        using var reader = command.ExecuteReader();
        return reader.Read() ? new NumberedBatch(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)) : null;
    }

    public void Dispose() => _connection.Dispose();

    private void KeepDelayed(OutboxBatch batch)
    {
        foreach (var message in batch.Delayed)
        {
            Run(
                "INSERT INTO delayed VALUES ($id, $due, $train, $overtaken, $body)",
                ("$id", message.Id), ("$due", message.DueSecond), ("$train", message.TrainId), ("$overtaken", message.IsOvertaken), ("$body", message.Body));
        }

        foreach (var id in batch.Undelayed)
        {
            Run("DELETE FROM delayed WHERE id = $id", ("$id", id));
        }
    }

    private void Run(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(text, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
        // Every text is a constant of this class; values travel as parameters.
#pragma warning disable CA2100
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
