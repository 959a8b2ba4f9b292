using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Access;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedSessionStoreTests : SessionStoreContract, IDisposable
{
    private readonly DataFolder _data = new();
    private readonly ManualTime _time = new();
    private EmbeddedSessionStore? _store;

    protected override ISessionStore Sessions => Store;

    protected override IOneTimeNotes Notes => Store;

    private EmbeddedSessionStore Store => _store ??= new EmbeddedSessionStore(_data.AsOptions(), _time, NullLogger<EmbeddedSessionStore>.Instance);

    public void Dispose()
    {
        _store?.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Sessions_of_the_version_before_go_on_to_hold()
    {
        var (id, now) = (SessionId.New(), _time.GetUtcNow());
        Directory.CreateDirectory(_data.Path);
        using (var before = new SqliteConnection($"Data Source={Path.Combine(_data.Path, "sessions.db")};Pooling=False"))
        {
            before.Open();
            using var command = before.CreateCommand();
            command.CommandText = """
                CREATE TABLE sessions (key TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, depots TEXT, lines TEXT, classes TEXT, started_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX sessions_by_end ON sessions (expires_at);
                INSERT INTO sessions VALUES ($key, 'persona:operator:Jo', 'Jo', '["Operator"]', NULL, NULL, NULL, $started, $expires);
                PRAGMA user_version=1;
                """;
            command.Parameters.AddWithValue("$key", SessionId.Hash(id));
            command.Parameters.AddWithValue("$started", now.AddHours(-3).UtcTicks);
            command.Parameters.AddWithValue("$expires", now.AddHours(9).UtcTicks);
            command.ExecuteNonQuery();
        }

        var session = (await Sessions.GetAsync(id, default))!;

        Assert.Equal(("Jo", now.AddHours(9), now.AddHours(-3)), (session.User.Name, session.IdleAt, session.UsedAt));
    }

    protected override void Advance(TimeSpan by) => _time.Advance(by);
}
