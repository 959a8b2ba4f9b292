using OpsPortal.Adapters.Embedded.Sqlite;

namespace OpsPortal.Adapters.Embedded;

/// <summary>
/// Tables of every file. A migration, once released, never changes; a new one is added after it.
/// Times are UTC ticks; every row about a train carries depot, line and class, which scopes go by.
/// </summary>
internal static class Schemas
{
    public static SqliteSchema Source { get; } = new(
        "source",
        "source.db",
        """
        -- AUTOINCREMENT: offsets are never reused, also after everything was trimmed.
        CREATE TABLE records (source_offset INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE senders (sender TEXT PRIMARY KEY, last_number INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE consumers (consumer TEXT PRIMARY KEY, committed INTEGER NOT NULL) WITHOUT ROWID;
        """);

    public static SqliteSchema Operations { get; } = new(
        "operations",
        "operations.db",
        """
        -- One counter for all changes: given out inside the write transaction, so numbers become visible in their order.
        CREATE TABLE change_counter (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
        INSERT INTO change_counter VALUES (1, 0);

        CREATE TABLE trains (train TEXT PRIMARY KEY, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE train_states (
            train TEXT PRIMARY KEY, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL,
            source_offset INTEGER NOT NULL, change INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE UNIQUE INDEX train_states_by_change ON train_states (change);

        CREATE TABLE anomalies (
            id TEXT PRIMARY KEY, train TEXT NOT NULL, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL,
            subsystem TEXT NOT NULL, measured_at INTEGER NOT NULL, change INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE UNIQUE INDEX anomalies_by_change ON anomalies (change);
        CREATE INDEX anomalies_by_time ON anomalies (measured_at DESC, id);
        CREATE INDEX anomalies_by_train ON anomalies (train, measured_at DESC, id);

        CREATE TABLE alerts (
            id TEXT PRIMARY KEY, train TEXT NOT NULL, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL,
            state INTEGER NOT NULL, severity INTEGER NOT NULL, raised_at INTEGER NOT NULL, undelivered_since INTEGER,
            revision INTEGER NOT NULL, change INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE UNIQUE INDEX alerts_by_change ON alerts (change);
        CREATE INDEX alerts_by_time ON alerts (raised_at DESC, id);
        CREATE INDEX alerts_by_state ON alerts (state, raised_at DESC, id);
        CREATE INDEX alerts_by_train ON alerts (train, raised_at DESC, id);
        CREATE INDEX alerts_undelivered ON alerts (undelivered_since, id) WHERE undelivered_since IS NOT NULL;

        CREATE TABLE dead_letters (source_offset INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, body BLOB NOT NULL);
        CREATE TABLE dead_letter_counts (reason TEXT PRIMARY KEY, letters INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, acted_on TEXT NOT NULL,
            caller TEXT, outcome TEXT NOT NULL, detail TEXT, correlation TEXT, hash TEXT NOT NULL);
        """);

    public static SqliteSchema Detector { get; } = new(
        "detector",
        "detector.db",
        """
        CREATE TABLE detector (id INTEGER PRIMARY KEY CHECK (id = 1), source_offset INTEGER NOT NULL);
        CREATE TABLE detector_trains (train TEXT PRIMARY KEY, state BLOB NOT NULL);
        """);

    public static SqliteSchema Readings { get; } = new(
        "readings",
        "readings.db",
        """
        CREATE TABLE sensors (id INTEGER PRIMARY KEY, sensor TEXT NOT NULL UNIQUE);
        CREATE TABLE readings (
            train TEXT NOT NULL, start INTEGER NOT NULL, first_sequence INTEGER NOT NULL,
            depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL,
            messages INTEGER NOT NULL, last_received_at INTEGER NOT NULL, late INTEGER NOT NULL, sensors BLOB NOT NULL,
            PRIMARY KEY (train, start, first_sequence)) WITHOUT ROWID;
        CREATE INDEX readings_by_start ON readings (start);
        """,
        """
        -- The warehouse follows by these numbers: windows kept before this migration have 0 and come first.
        CREATE TABLE change_counter (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
        INSERT INTO change_counter VALUES (1, 0);
        ALTER TABLE readings ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX readings_by_change ON readings (change);
        """);

    public static SqliteSchema Shadows { get; } = new(
        "shadows",
        "shadows.db",
        """
        CREATE TABLE change_counter (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
        INSERT INTO change_counter VALUES (1, 0);

        -- A deleted shadow keeps its row: the version goes on counting if it is written again.
        CREATE TABLE shadows (
            train TEXT NOT NULL, name TEXT NOT NULL, desired TEXT NOT NULL, reported TEXT NOT NULL, metadata TEXT NOT NULL,
            version INTEGER NOT NULL, at INTEGER NOT NULL, deleted INTEGER NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (train, name));
        CREATE UNIQUE INDEX shadows_by_change ON shadows (change);
        """);

    public static SqliteSchema RawCatalogue { get; } = new(
        "raw catalogue",
        "raw.db",
        """
        -- Everything up to this source offset is in the files.
        CREATE TABLE archived (id INTEGER PRIMARY KEY CHECK (id = 1), source_offset INTEGER NOT NULL);
        INSERT INTO archived VALUES (1, 0);

        CREATE TABLE files (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, depot TEXT NOT NULL, hour INTEGER NOT NULL,
            bytes INTEGER NOT NULL, records INTEGER NOT NULL, set_aside INTEGER NOT NULL,
            first_received_at INTEGER, last_received_at INTEGER, closed_at INTEGER, sha256 TEXT);
        CREATE INDEX files_open ON files (hour) WHERE closed_at IS NULL;
        CREATE INDEX files_by_depot ON files (kind, depot, hour);

        -- Each append is one whole gzip member.
        CREATE TABLE members (
            file INTEGER NOT NULL REFERENCES files (id), start INTEGER NOT NULL, bytes INTEGER NOT NULL, records INTEGER NOT NULL,
            first_offset INTEGER NOT NULL, last_offset INTEGER NOT NULL, PRIMARY KEY (file, start)) WITHOUT ROWID;

        CREATE TABLE file_trains (
            file INTEGER NOT NULL REFERENCES files (id), train TEXT NOT NULL, records INTEGER NOT NULL,
            first_measured_at INTEGER, last_measured_at INTEGER, PRIMARY KEY (file, train)) WITHOUT ROWID;
        """,
        """
        -- Closed files that another place has confirmed to hold, byte for byte.
        CREATE TABLE copies (place TEXT NOT NULL, file INTEGER NOT NULL REFERENCES files (id), copied_at INTEGER NOT NULL, PRIMARY KEY (place, file)) WITHOUT ROWID;
        """,
        """
        -- Somebody wants the open files closed, with everything up to this source offset inside: asked so often, answered so often.
        CREATE TABLE closing (id INTEGER PRIMARY KEY CHECK (id = 1), asked INTEGER NOT NULL, source_offset INTEGER NOT NULL, answered INTEGER NOT NULL);
        INSERT INTO closing VALUES (1, 0, 0, 0);
        """);

    public static SqliteSchema Warehouse { get; } = new(
        "warehouse",
        "warehouse.db",
        """
        -- Times are texts in UTC, as people write them in queries: '2026-11-28 22:00:00.123'. The same tables as infra/sql/schema.sql.
        CREATE TABLE trains (train TEXT PRIMARY KEY, name TEXT, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL, cars INTEGER, measured_at TIMESTAMP) WITHOUT ROWID;

        CREATE TABLE readings_minute (
            minute TIMESTAMP NOT NULL, train TEXT NOT NULL, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL, sensor TEXT NOT NULL,
            readings INTEGER NOT NULL, min_value REAL, mean_value REAL, max_value REAL, late BOOLEAN NOT NULL, PRIMARY KEY (minute, train, sensor, depot, line, class)) WITHOUT ROWID;
        CREATE INDEX readings_minute_by_train ON readings_minute (train, sensor, minute);

        CREATE TABLE anomalies (
            id TEXT PRIMARY KEY, train TEXT NOT NULL, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL, subsystem TEXT NOT NULL,
            measured_at TIMESTAMP NOT NULL, received_at TIMESTAMP NOT NULL, kept_at TIMESTAMP, late BOOLEAN NOT NULL, grade REAL NOT NULL, score REAL NOT NULL,
            sensor TEXT, share REAL, direction TEXT, observed REAL, expected REAL, unit TEXT, latitude REAL, longitude REAL, speed_kmh REAL) WITHOUT ROWID;
        CREATE INDEX anomalies_by_time ON anomalies (measured_at);
        CREATE INDEX anomalies_by_train ON anomalies (train, measured_at);

        CREATE TABLE alerts (
            id TEXT PRIMARY KEY, train TEXT NOT NULL, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL, subsystem TEXT NOT NULL,
            severity TEXT NOT NULL, safety_class TEXT, state TEXT NOT NULL, raised_at TIMESTAMP NOT NULL, last_anomaly_at TIMESTAMP NOT NULL, cleared_at TIMESTAMP,
            anomalies INTEGER NOT NULL, explanation TEXT, acknowledged_by TEXT, acknowledged_at TIMESTAMP, reported_at TIMESTAMP) WITHOUT ROWID;
        CREATE INDEX alerts_by_time ON alerts (raised_at);
        CREATE INDEX alerts_by_train ON alerts (train, raised_at);

        -- How far the filling has come, in change numbers of the files it is made from.
        CREATE TABLE filled (id INTEGER PRIMARY KEY CHECK (id = 1), operations INTEGER NOT NULL, readings INTEGER NOT NULL);
        INSERT INTO filled VALUES (1, 0, 0);
        """,
        """
        -- Whether a train was heard in a minute, and late: what many rows of readings say, in one. Redshift has a view of that name.
        CREATE TABLE train_minutes (
            minute TIMESTAMP NOT NULL, train TEXT NOT NULL, depot TEXT NOT NULL, line TEXT NOT NULL, class TEXT NOT NULL, readings INTEGER NOT NULL, late BOOLEAN NOT NULL,
            PRIMARY KEY (minute, train, depot, line, class)) WITHOUT ROWID;
        CREATE INDEX train_minutes_by_train ON train_minutes (train, minute);
        INSERT INTO train_minutes SELECT minute, train, depot, line, class, SUM(readings), MAX(late) FROM readings_minute GROUP BY minute, train, depot, line, class;
        """);
}
