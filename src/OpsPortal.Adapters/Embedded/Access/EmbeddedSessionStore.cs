using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Embedded.Access;

/// <summary>Sessions in a file of their own: <c>sessions.db</c>. It holds no id that would open one, only hashes.</summary>
internal sealed class EmbeddedSessionStore(IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedSessionStore> logger)
    : ISessionStore, IOneTimeNotes, IServiceHealth, IDisposable
{
    private const string Columns = """
        SELECT key, user, name, roles, depots, lines, classes, started_at, expires_at, used_at, idle_at, authenticated_at,
            from_address, agent, issuer, subject, provider_session, sealed, check_at FROM sessions
        """;

    private const string Holds = "expires_at > $now AND idle_at > $now";

    private static readonly SqliteSchema Schema = new(
        "sessions",
        "sessions.db",
        """
        -- Roles, depots, lines and classes are JSON lists; depots, lines and classes are null for "all".
        CREATE TABLE sessions (
            key TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, depots TEXT, lines TEXT, classes TEXT,
            started_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX sessions_by_end ON sessions (expires_at);
        """,
        """
        ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN idle_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN from_address TEXT;
        ALTER TABLE sessions ADD COLUMN agent TEXT;
        ALTER TABLE sessions ADD COLUMN issuer TEXT;
        ALTER TABLE sessions ADD COLUMN subject TEXT;
        ALTER TABLE sessions ADD COLUMN provider_session TEXT;
        -- Encrypted by the portal before it comes here.
        ALTER TABLE sessions ADD COLUMN sealed TEXT;
        ALTER TABLE sessions ADD COLUMN check_at INTEGER;
        UPDATE sessions SET used_at = started_at, idle_at = expires_at, authenticated_at = started_at;
        CREATE INDEX sessions_by_user ON sessions (user);
        CREATE INDEX sessions_by_subject ON sessions (issuer, subject) WHERE issuer IS NOT NULL;
        CREATE INDEX sessions_by_provider ON sessions (issuer, provider_session) WHERE issuer IS NOT NULL;
        CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE INDEX sessions_by_address ON sessions (from_address);
        """);

    private readonly SqliteFile _file = new(Schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger);

    public ServiceHealth Get() => _file.Get();

    public Task KeepAsync(string id, Session session, CancellationToken cancellationToken) =>
        _file.WriteAsync(file => Keep(file, SessionId.Hash(id), session, time.GetUtcNow()), cancellationToken);

    public Task<Session?> GetAsync(string id, CancellationToken cancellationToken) => GetByKeyAsync(SessionId.Hash(id), cancellationToken);

    public Task<Session?> GetByKeyAsync(string key, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => file.First($"{Columns} WHERE key = $key AND {Holds}", Read, ("$key", key), Now()), cancellationToken);

    public Task<IReadOnlyList<Session>> FindAsync(string? userId, int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<Session>>(
            file => file.Read($"{Columns} WHERE ($user IS NULL OR user = $user) AND {Holds} ORDER BY started_at DESC, key LIMIT $limit", Read, ("$user", userId), Now(), ("$limit", limit)), cancellationToken);

    public Task<int> CountAsync(string userId, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => (int)file.Number($"SELECT count(*) FROM sessions WHERE user = $user AND {Holds}", ("$user", userId), Now())!.Value, cancellationToken);

    public Task<int> CountFromAsync(string address, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => (int)file.Number($"SELECT count(*) FROM sessions WHERE from_address = $address AND {Holds}", ("$address", address), Now())!.Value, cancellationToken);

    public Task NoteUseAsync(string key, DateTimeOffset usedAt, DateTimeOffset idleAt, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            // What was idle too long is not woken by a request that was on its way.
            file => { file.Run($"UPDATE sessions SET used_at = $used, idle_at = $idle WHERE key = $key AND {Holds}", SqlValue.Time("$used", usedAt), SqlValue.Time("$idle", idleAt), ("$key", key), Now()); },
            cancellationToken);

    public Task<bool> TryClaimCheckAsync(string key, DateTimeOffset now, DateTimeOffset next, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            file => file.Run("UPDATE sessions SET check_at = $next WHERE key = $key AND check_at <= $now", SqlValue.Time("$next", next), ("$key", key), SqlValue.Time("$now", now)) == 1,
            cancellationToken);

    public Task RenewAsync(string key, User user, ProviderSession provider, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            file =>
            {
                file.Run(
                    "UPDATE sessions SET name = $name, roles = $roles, depots = $depots, lines = $lines, classes = $classes, sealed = $sealed, check_at = $check WHERE key = $key",
                    [.. Of(user), ("$sealed", provider.Sealed), SqlValue.Time("$check", provider.CheckAt), ("$key", key)]);
            },
            cancellationToken);

    public Task EndAsync(string key, CancellationToken cancellationToken) =>
        _file.WriteAsync(file => { file.Run("DELETE FROM sessions WHERE key = $key", ("$key", key)); }, cancellationToken);

    public Task<IReadOnlyList<Session>> EndOfProviderAsync(string issuer, string? subject, string? sessionId, CancellationToken cancellationToken) =>
        _file.WriteAsync<IReadOnlyList<Session>>(
            file =>
            {
                // Of a session whose name over there was never said only its user is known.
                const string Which = """
                    WHERE issuer = $issuer AND ($subject IS NULL OR subject = $subject)
                        AND ($session IS NULL OR provider_session = $session OR (provider_session IS NULL AND $subject IS NOT NULL))
                    """;
                SqlValue[] values = [("$issuer", issuer), ("$subject", subject), ("$session", sessionId)];
                var ended = file.Read($"{Columns} {Which}", Read, values);
                file.Run($"DELETE FROM sessions {Which}", values);
                return ended;
            },
            cancellationToken);

    public Task<bool> TryKeepAsync(string name, string text, DateTimeOffset until, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            file =>
            {
                file.Run("DELETE FROM notes WHERE until <= $now", Now());
                return file.Run("INSERT OR IGNORE INTO notes VALUES ($name, $text, $until)", ("$name", name), ("$text", text), SqlValue.Time("$until", until)) == 1;
            },
            cancellationToken);

    public Task<string?> TakeAsync(string name, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            file =>
            {
                var text = file.First("SELECT text FROM notes WHERE name = $name AND until > $now", row => row.GetString(0), ("$name", name), Now());
                file.Run("DELETE FROM notes WHERE name = $name", ("$name", name));
                return text;
            },
            cancellationToken);

    public void Dispose() => _file.Dispose();

    private static void Keep(SqliteSession file, string key, Session session, DateTimeOffset now)
    {
        // Whoever signs in sweeps away what has expired; nothing else needs to.
        file.Run("DELETE FROM sessions WHERE expires_at <= $now OR idle_at <= $now", SqlValue.Time("$now", now));
        file.Run(
            """
            INSERT INTO sessions (key, user, name, roles, depots, lines, classes, started_at, expires_at, used_at, idle_at, authenticated_at, from_address, agent, issuer, subject, provider_session, sealed, check_at)
            VALUES ($key, $user, $name, $roles, $depots, $lines, $classes, $started, $expires, $used, $idle, $authenticated, $from, $agent, $issuer, $subject, $session, $sealed, $check)
            """,
            [
                ("$key", key), ("$user", session.User.Id), .. Of(session.User),
                SqlValue.Time("$started", session.StartedAt), SqlValue.Time("$expires", session.ExpiresAt), SqlValue.Time("$used", session.UsedAt), SqlValue.Time("$idle", session.IdleAt),
                SqlValue.Time("$authenticated", session.AuthenticatedAt), ("$from", session.From), ("$agent", session.Agent),
                ("$issuer", session.Provider?.Issuer), ("$subject", session.Provider?.Subject), ("$session", session.Provider?.SessionId), ("$sealed", session.Provider?.Sealed),
                SqlValue.Time("$check", session.Provider?.CheckAt),
            ]);
    }

    private static SqlValue[] Of(User user) =>
    [
        ("$name", user.Name), ("$roles", List(user.Roles.Select(role => role.ToString()))),
        ("$depots", List(user.Scope.Depots)), ("$lines", List(user.Scope.Lines)), ("$classes", List(user.Scope.Classes)),
    ];

    private SqlValue Now() => SqlValue.Time("$now", time.GetUtcNow());

    private static Session Read(SqliteDataReader row)
    {
        var roles = row.Document(3, EmbeddedJson.Default.IEnumerableString).Select(Enum.Parse<Role>).ToFrozenSet();
        var user = new User(row.GetString(1), row.GetString(2), roles, new Scope(Set(row, 4), Set(row, 5), Set(row, 6)));
        return new Session(user, row.Time(7), row.Time(8))
        {
            Key = row.GetString(0),
            UsedAt = row.Time(9),
            IdleAt = row.Time(10),
            AuthenticatedAt = row.Time(11),
            From = row.TextOrNull(12),
            Agent = row.TextOrNull(13),
            Provider = row.TextOrNull(14) is { } issuer ? new ProviderSession(issuer, row.GetString(15), row.TextOrNull(16), row.GetString(17), row.Time(18)) : null,
        };
    }

    private static string? List(IEnumerable<string>? texts) => texts is null ? null : JsonSerializer.Serialize(texts, EmbeddedJson.Default.IEnumerableString);

    private static FrozenSet<string>? Set(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Document(column, EmbeddedJson.Default.IEnumerableString).ToFrozenSet(StringComparer.Ordinal);
}
