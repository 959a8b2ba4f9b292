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
    : ISessionStore, IServiceHealth, IDisposable
{
    private static readonly SqliteSchema Schema = new(
        "sessions",
        "sessions.db",
        """
        -- Roles, depots, lines and classes are JSON lists; depots, lines and classes are null for "all".
        CREATE TABLE sessions (
            key TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, depots TEXT, lines TEXT, classes TEXT,
            started_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX sessions_by_end ON sessions (expires_at);
        """);

    private readonly SqliteFile _file = new(Schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger);

    public ServiceHealth Get() => _file.Get();

    public Task KeepAsync(string id, Session session, CancellationToken cancellationToken) =>
        _file.WriteAsync(file => Keep(file, SessionId.Hash(id), session, time.GetUtcNow()), cancellationToken);

    public Task<Session?> GetAsync(string id, CancellationToken cancellationToken) =>
        _file.ReadAsync(
            file => file.First(
                "SELECT user, name, roles, depots, lines, classes, started_at, expires_at FROM sessions WHERE key = $key AND expires_at > $now",
                Read,
                ("$key", SessionId.Hash(id)),
                SqlValue.Time("$now", time.GetUtcNow())),
            cancellationToken);

    public Task EndAsync(string key, CancellationToken cancellationToken) =>
        _file.WriteAsync(file => { file.Run("DELETE FROM sessions WHERE key = $key", ("$key", key)); }, cancellationToken);

    public void Dispose() => _file.Dispose();

    private static void Keep(SqliteSession file, string key, Session session, DateTimeOffset now)
    {
        // Whoever signs in sweeps away what has expired; nothing else needs to.
        file.Run("DELETE FROM sessions WHERE expires_at <= $now", SqlValue.Time("$now", now));
        file.Run(
            "INSERT INTO sessions VALUES ($key, $user, $name, $roles, $depots, $lines, $classes, $started, $expires)",
            ("$key", key),
            ("$user", session.User.Id),
            ("$name", session.User.Name),
            ("$roles", List(session.User.Roles.Select(role => role.ToString()))),
            ("$depots", List(session.User.Scope.Depots)),
            ("$lines", List(session.User.Scope.Lines)),
            ("$classes", List(session.User.Scope.Classes)),
            SqlValue.Time("$started", session.StartedAt),
            SqlValue.Time("$expires", session.ExpiresAt));
    }

    private static Session Read(SqliteDataReader row)
    {
        var roles = row.Document(2, EmbeddedJson.Default.IEnumerableString).Select(Enum.Parse<Role>).ToFrozenSet();
        var user = new User(row.GetString(0), row.GetString(1), roles, new Scope(Set(row, 3), Set(row, 4), Set(row, 5)));
        return new Session(user, row.Time(6), row.Time(7));
    }

    private static string? List(IEnumerable<string>? texts) => texts is null ? null : JsonSerializer.Serialize(texts, EmbeddedJson.Default.IEnumerableString);

    private static FrozenSet<string>? Set(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Document(column, EmbeddedJson.Default.IEnumerableString).ToFrozenSet(StringComparer.Ordinal);
}
