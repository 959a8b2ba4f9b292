using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Embedded.Access;

/// <summary>Personal tokens, and the users they stand for, in a file of their own: <c>tokens.db</c>. It holds no secret, only hashes.</summary>
internal sealed class EmbeddedTokenStore(IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedTokenStore> logger)
    : IPersonalTokenStore, IKnownUsers, IServiceHealth, IDisposable
{
    private const string Columns = "SELECT id, maker, maker_name, name, made_at, expires_at, last_used_at, revoked_at, revoked_by FROM tokens";

    private static readonly SqliteSchema Schema = new(
        "tokens",
        "tokens.db",
        """
        CREATE TABLE tokens (
            id TEXT PRIMARY KEY, secret TEXT NOT NULL UNIQUE, maker TEXT NOT NULL, maker_name TEXT NOT NULL, name TEXT NOT NULL,
            made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, last_used_at INTEGER, revoked_at INTEGER, revoked_by TEXT) WITHOUT ROWID;
        CREATE INDEX tokens_by_maker ON tokens (maker, made_at DESC);
        -- Roles, depots, lines and classes are JSON lists; depots, lines and classes are null for "all".
        CREATE TABLE users (
            user TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, depots TEXT, lines TEXT, classes TEXT, seen_at INTEGER NOT NULL) WITHOUT ROWID;
        """);

    private readonly SqliteFile _file = new(Schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger);

    public ServiceHealth Get() => _file.Get();

    public Task KeepAsync(PersonalToken token, string secretHash, CancellationToken cancellationToken) =>
        _file.RunAsync(
            "INSERT INTO tokens VALUES ($id, $secret, $maker, $makerName, $name, $made, $expires, NULL, NULL, NULL)",
            cancellationToken,
            ("$id", token.Id),
            ("$secret", secretHash),
            ("$maker", token.MakerId),
            ("$makerName", token.MakerName),
            ("$name", token.Name),
            SqlValue.Time("$made", token.MadeAt),
            SqlValue.Time("$expires", token.ExpiresAt));

    public Task<PersonalToken?> FindBySecretAsync(string secretHash, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => file.First($"{Columns} WHERE secret = $secret", Read, ("$secret", secretHash)), cancellationToken);

    public Task<PersonalToken?> GetAsync(string id, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => file.First($"{Columns} WHERE id = $id", Read, ("$id", id)), cancellationToken);

    public Task<IReadOnlyList<PersonalToken>> FindAsync(string? makerId, int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<PersonalToken>>(
            file => file.Read($"{Columns} WHERE $maker IS NULL OR maker = $maker ORDER BY made_at DESC, id LIMIT $limit", Read, ("$maker", makerId), ("$limit", limit)), cancellationToken);

    public Task RevokeAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.RunAsync("UPDATE tokens SET revoked_at = $at, revoked_by = $by WHERE id = $id AND revoked_at IS NULL", cancellationToken, ("$id", id), ("$by", by), SqlValue.Time("$at", at));

    public Task NoteUseAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.RunAsync("UPDATE tokens SET last_used_at = $at WHERE id = $id", cancellationToken, ("$id", id), SqlValue.Time("$at", at));

    public Task NoteAsync(User user, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.RunAsync(
            """
            INSERT INTO users VALUES ($user, $name, $roles, $depots, $lines, $classes, $at)
            ON CONFLICT (user) DO UPDATE SET name = excluded.name, roles = excluded.roles, depots = excluded.depots, lines = excluded.lines, classes = excluded.classes, seen_at = excluded.seen_at
            WHERE excluded.seen_at >= users.seen_at
            """,
            cancellationToken,
            ("$user", user.Id),
            ("$name", user.Name),
            ("$roles", List(user.Roles.Select(role => role.ToString()))),
            ("$depots", List(user.Scope.Depots)),
            ("$lines", List(user.Scope.Lines)),
            ("$classes", List(user.Scope.Classes)),
            SqlValue.Time("$at", at));

    Task<User?> IKnownUsers.GetAsync(string id, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => file.First("SELECT user, name, roles, depots, lines, classes FROM users WHERE user = $user", ReadUser, ("$user", id)), cancellationToken);

    public void Dispose() => _file.Dispose();

    private static PersonalToken Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Time(4), row.Time(5), row.TimeOrNull(6), row.TimeOrNull(7), row.TextOrNull(8));

    private static User ReadUser(SqliteDataReader row)
    {
        var roles = row.Document(2, EmbeddedJson.Default.IEnumerableString).Select(Enum.Parse<Role>).ToFrozenSet();
        return new User(row.GetString(0), row.GetString(1), roles, new Scope(Set(row, 3), Set(row, 4), Set(row, 5)));
    }

    private static string? List(IEnumerable<string>? texts) => texts is null ? null : JsonSerializer.Serialize(texts, EmbeddedJson.Default.IEnumerableString);

    private static FrozenSet<string>? Set(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Document(column, EmbeddedJson.Default.IEnumerableString).ToFrozenSet(StringComparer.Ordinal);
}
