using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>Saved queries and what was run, in a file of their own: <c>queries.db</c>. It holds people's own texts, and no rows of any result.</summary>
internal sealed class EmbeddedSavedQueries(IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedSavedQueries> logger) : ISavedQueries, IQueryHistory, IServiceHealth, IDisposable
{
    private const string Columns =
        "SELECT q.id, q.owner, q.owner_name, q.name, q.shared, q.revision, v.number, v.body, v.at, v.by_name FROM queries q JOIN versions v ON v.query = q.id AND v.number = q.latest";

    private static readonly SqliteSchema Schema = new(
        "queries",
        "queries.db",
        """
        CREATE TABLE queries (
            id TEXT PRIMARY KEY, owner TEXT NOT NULL, owner_name TEXT NOT NULL, name TEXT NOT NULL, shared INTEGER NOT NULL, revision INTEGER NOT NULL, latest INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX queries_by_owner ON queries (owner, name);
        CREATE INDEX queries_shared ON queries (name) WHERE shared = 1;
        CREATE TABLE versions (query TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, by_name TEXT NOT NULL, PRIMARY KEY (query, number)) WITHOUT ROWID;
        CREATE TABLE runs (
            owner TEXT NOT NULL, asked_at INTEGER NOT NULL, id TEXT NOT NULL, sql TEXT NOT NULL, given TEXT NOT NULL, state TEXT NOT NULL, took INTEGER NOT NULL, rows INTEGER NOT NULL, problem TEXT,
            PRIMARY KEY (owner, asked_at, id)) WITHOUT ROWID;
        """);

    private readonly SqliteFile _file = new(Schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger);

    public ServiceHealth Get() => _file.Get();

    public async Task<IReadOnlyList<SavedQuery>> FindAsync(User user, int limit, CancellationToken cancellationToken) =>
        user.May(Verb.RunQueries)
            ? await _file.ReadAsync(
                file => file.Read($"{Columns} WHERE q.owner = $user OR q.shared = 1 ORDER BY q.name COLLATE NOCASE, q.id LIMIT $limit", Read, ("$user", user.Id), ("$limit", limit)), cancellationToken)
            : [];

    public async Task<SavedQuery?> GetAsync(User user, string id, CancellationToken cancellationToken) =>
        user.May(Verb.RunQueries) ? await _file.ReadAsync(file => Find(file, user, id), cancellationToken) : null;

    public async Task<IReadOnlyList<SavedVersion>> FindVersionsAsync(User user, string id, CancellationToken cancellationToken) =>
        user.May(Verb.RunQueries)
            ? await _file.ReadAsync(
                file => Find(file, user, id) is null ? [] : file.Read("SELECT number, body, at, by_name FROM versions WHERE query = $id ORDER BY number DESC", row => ReadVersion(row, 0), ("$id", id)), cancellationToken)
            : [];

    public Task<SavedOutcome> MakeAsync(User user, string id, string name, bool isShared, SavedText text, DateTimeOffset at, int most, CancellationToken cancellationToken) =>
        ChangeAsync(
            user,
            file =>
            {
                if (file.Number("SELECT COUNT(*) FROM queries WHERE owner = $user", ("$user", user.Id)) >= most)
                {
                    return new SavedOutcome(SavedChange.TooMany, null);
                }

                file.Run("INSERT INTO queries VALUES ($id, $user, $userName, $name, $shared, 1, 1)", ("$id", id), ("$user", user.Id), ("$userName", user.Name), ("$name", name), ("$shared", isShared ? 1 : 0));
                Keep(file, id, 1, text, at, user.Name);
                return new SavedOutcome(SavedChange.Done, Find(file, user, id));
            },
            cancellationToken);

    public Task<SavedOutcome> AddVersionAsync(User user, string id, long revision, SavedText text, DateTimeOffset at, int most, CancellationToken cancellationToken) =>
        ChangeAsync(
            user,
            file =>
            {
                var present = Find(file, user, id);
                if (present is null || present.Revision != revision)
                {
                    return new SavedOutcome(present is null ? SavedChange.NotThere : SavedChange.Changed, present);
                }

                var number = present.Latest.Number + 1;
                Keep(file, id, number, text, at, user.Name);
                file.Run("DELETE FROM versions WHERE query = $id AND number <= $last", ("$id", id), ("$last", number - most));
                file.Run("UPDATE queries SET latest = $number, revision = revision + 1 WHERE id = $id", ("$id", id), ("$number", number));
                return new SavedOutcome(SavedChange.Done, Find(file, user, id));
            },
            cancellationToken);

    public Task<SavedOutcome> ChangeAsync(User user, string id, long revision, string? name, bool? isShared, CancellationToken cancellationToken) =>
        ChangeAsync(
            user,
            file =>
            {
                if (WhyNot(file, user, id, revision) is { } no)
                {
                    return no;
                }

                file.Run(
                    "UPDATE queries SET name = COALESCE($name, name), shared = COALESCE($shared, shared), revision = revision + 1 WHERE id = $id",
                    ("$id", id),
                    ("$name", name),
                    ("$shared", isShared is { } shared ? (shared ? 1 : 0) : null));
                return new SavedOutcome(SavedChange.Done, Find(file, user, id));
            },
            cancellationToken);

    public Task<SavedOutcome> DeleteAsync(User user, string id, CancellationToken cancellationToken) =>
        ChangeAsync(
            user,
            file =>
            {
                if (WhyNot(file, user, id, null) is { } no)
                {
                    return no;
                }

                file.Run("DELETE FROM versions WHERE query = $id", ("$id", id));
                file.Run("DELETE FROM queries WHERE id = $id", ("$id", id));
                return new SavedOutcome(SavedChange.Done, null);
            },
            cancellationToken);

    public Task NoteAsync(User user, PastQuery run, int most, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            file =>
            {
                file.Run(
                    "INSERT OR REPLACE INTO runs VALUES ($owner, $at, $id, $sql, $given, $state, $took, $rows, $problem)",
                    ("$owner", user.Id),
                    SqlValue.Time("$at", run.AskedAt),
                    ("$id", run.Id),
                    ("$sql", run.Sql),
                    ("$given", JsonSerializer.Serialize(run.Values, EmbeddedJson.Default.IReadOnlyDictionaryStringSavedValue)),
                    ("$state", run.State),
                    ("$took", run.Took.Ticks),
                    ("$rows", run.Rows),
                    ("$problem", run.Problem));
                file.Run(
                    "DELETE FROM runs WHERE owner = $owner AND (asked_at, id) IN (SELECT asked_at, id FROM runs WHERE owner = $owner ORDER BY asked_at DESC, id DESC LIMIT -1 OFFSET $most)",
                    ("$owner", user.Id),
                    ("$most", most));
            },
            cancellationToken);

    async Task<IReadOnlyList<PastQuery>> IQueryHistory.FindAsync(User user, int limit, CancellationToken cancellationToken) =>
        user.May(Verb.RunQueries)
            ? await _file.ReadAsync(
                file => file.Read(
                    "SELECT id, sql, given, state, asked_at, took, rows, problem FROM runs WHERE owner = $owner ORDER BY asked_at DESC, id DESC LIMIT $limit", ReadRun, ("$owner", user.Id), ("$limit", limit)),
                cancellationToken)
            : [];

    public Task ClearAsync(User user, CancellationToken cancellationToken) => _file.RunAsync("DELETE FROM runs WHERE owner = $owner", cancellationToken, ("$owner", user.Id));

    public void Dispose() => _file.Dispose();

    private async Task<SavedOutcome> ChangeAsync(User user, Func<SqliteSession, SavedOutcome> change, CancellationToken cancellationToken) =>
        user.May(Verb.RunQueries) ? await _file.WriteAsync(change, cancellationToken) : new SavedOutcome(SavedChange.NotThere, null);

    private static SavedOutcome? WhyNot(SqliteSession file, User user, string id, long? revision) => Find(file, user, id) switch
    {
        null => new SavedOutcome(SavedChange.NotThere, null),
        var present when present.OwnerId != user.Id => new SavedOutcome(SavedChange.NotOwner, present),
        var present when revision is not null && present.Revision != revision => new SavedOutcome(SavedChange.Changed, present),
        _ => null,
    };

    private static SavedQuery? Find(SqliteSession file, User user, string id) =>
        file.First($"{Columns} WHERE q.id = $id AND (q.owner = $user OR q.shared = 1)", Read, ("$id", id), ("$user", user.Id));

    private static void Keep(SqliteSession file, string id, int number, SavedText text, DateTimeOffset at, string by) =>
        file.Run(
            "INSERT INTO versions VALUES ($id, $number, $body, $at, $by)",
            ("$id", id),
            ("$number", number),
            ("$body", JsonSerializer.Serialize(text, EmbeddedJson.Default.SavedText)),
            SqlValue.Time("$at", at),
            ("$by", by));

    private static SavedQuery Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetInt64(5), ReadVersion(row, 6));

    private static SavedVersion ReadVersion(SqliteDataReader row, int first) =>
        new(row.GetInt32(first), row.Document(first + 1, EmbeddedJson.Default.SavedText), row.Time(first + 2), row.GetString(first + 3));

    private static PastQuery ReadRun(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Document(2, EmbeddedJson.Default.IReadOnlyDictionaryStringSavedValue), row.GetString(3), row.Time(4), TimeSpan.FromTicks(row.GetInt64(5)), row.GetInt64(6), row.TextOrNull(7));
}
