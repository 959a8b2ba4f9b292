using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Embedded.Extracts;

/// <summary>Extracts in a file of their own: <c>extracts.db</c>. It holds no secret, only hashes.</summary>
internal sealed class EmbeddedExtractStore(IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedExtractStore> logger) : IExtractStore, IServiceHealth, IDisposable
{
    private const string Columns =
        "SELECT id, maker, maker_name, trains, from_time, to_time, sensors, made_at, ends_at, count, bytes, token_made_at, withdrawn_at, withdrawn_by FROM extracts";

    private const string FileColumns = "SELECT number, key, bytes, algorithm, checksum, of_parts, class, trains, from_time, to_time FROM files";

    // Spelt alike in index and question, or the index is not taken. Never changed: with another class comes another index.
    private const string Archived = "class IN ('GLACIER', 'DEEP_ARCHIVE')";

    private static readonly SqliteSchema Schema = new(
        "extracts",
        "extracts.db",
        """
        -- Trains and sensors are JSON lists; sensors are null for "all".
        CREATE TABLE extracts (
            id TEXT PRIMARY KEY, token TEXT UNIQUE, maker TEXT NOT NULL, maker_name TEXT NOT NULL, trains TEXT NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL,
            sensors TEXT, made_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL,
            token_made_at INTEGER, withdrawn_at INTEGER, withdrawn_by TEXT) WITHOUT ROWID;
        CREATE INDEX extracts_by_maker ON extracts (maker, made_at DESC);
        -- Kept before their extract is, which makes them count. The folder is the depot's: scope goes by it.
        CREATE TABLE files (
            extract TEXT NOT NULL, number INTEGER NOT NULL, kept_at INTEGER NOT NULL, folder TEXT NOT NULL, key TEXT NOT NULL, bytes INTEGER NOT NULL, algorithm TEXT, checksum TEXT,
            of_parts INTEGER NOT NULL, class TEXT NOT NULL, trains TEXT NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, PRIMARY KEY (extract, number)) WITHOUT ROWID;
        """,
        // Whether an extract holds any archived file is asked at every look at the page.
        $"CREATE INDEX archived_files ON files (extract, number) WHERE {Archived};");

    private readonly SqliteFile _file = new(Schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger);

    public ServiceHealth Get() => _file.Get();

    public Task AddFilesAsync(string id, IReadOnlyList<ExtractFile> files, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            session =>
            {
                foreach (var file in files)
                {
                    Add(session, id, file);
                }
            },
            cancellationToken);

    public Task KeepAsync(Extract extract, string tokenHash, CancellationToken cancellationToken) =>
        _file.RunAsync(
            "INSERT INTO extracts VALUES ($id, $token, $maker, $makerName, $trains, $from, $to, $sensors, $made, $ends, $count, $bytes, $made, NULL, NULL)",
            cancellationToken,
            ("$id", extract.Id),
            ("$token", tokenHash),
            ("$maker", extract.MakerId),
            ("$makerName", extract.MakerName),
            ("$trains", List(extract.Request.Trains)),
            SqlValue.Time("$from", extract.Request.From),
            SqlValue.Time("$to", extract.Request.To),
            ("$sensors", extract.Request.Sensors is { } sensors ? List(sensors) : null),
            SqlValue.Time("$made", extract.MadeAt),
            SqlValue.Time("$ends", extract.EndsAt),
            ("$count", extract.Count),
            ("$bytes", extract.Bytes));

    public Task<Extract?> GetAsync(string id, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => file.First($"{Columns} WHERE id = $id", Read, ("$id", id)), cancellationToken);

    public Task<Extract?> FindByTokenAsync(string tokenHash, CancellationToken cancellationToken) =>
        _file.ReadAsync(file => file.First($"{Columns} WHERE token = $token", Read, ("$token", tokenHash)), cancellationToken);

    public Task<IReadOnlyList<Extract>> FindAsync(string? makerId, int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<Extract>>(
            file => file.Read($"{Columns} WHERE $maker IS NULL OR maker = $maker ORDER BY made_at DESC, id LIMIT $limit", Read, ("$maker", makerId), ("$limit", limit)), cancellationToken);

    public Task<IReadOnlyList<ExtractFile>> FindFilesAsync(Scope scope, string id, long after, int limit, CancellationToken cancellationToken) =>
        ReadFilesAsync(scope, Files(id).And("number > $after", ("$after", after)), limit, cancellationToken);

    public Task<IReadOnlyList<ExtractFile>> FindArchivedAsync(Scope scope, string id, long after, int limit, CancellationToken cancellationToken) =>
        ReadFilesAsync(scope, Files(id).And("number > $after", ("$after", after)).And(Archived), limit, cancellationToken);

    public async Task<ExtractFile?> GetFileAsync(Scope scope, string id, long number, CancellationToken cancellationToken) =>
        (await ReadFilesAsync(scope, Files(id).And("number = $number", ("$number", number)), 1, cancellationToken)) is [var file] ? file : null;

    public Task SetTokenAsync(string id, string? tokenHash, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.RunAsync(
            "UPDATE extracts SET token = $token, token_made_at = CASE WHEN $token IS NULL THEN NULL ELSE $at END WHERE id = $id AND withdrawn_at IS NULL",
            cancellationToken,
            ("$token", tokenHash),
            SqlValue.Time("$at", at),
            ("$id", id));

    public Task WithdrawAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.RunAsync(
            "UPDATE extracts SET withdrawn_at = $at, withdrawn_by = $by, token = NULL, token_made_at = NULL WHERE id = $id AND withdrawn_at IS NULL",
            cancellationToken,
            SqlValue.Time("$at", at),
            ("$by", by),
            ("$id", id));

    public Task ForgetAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            session =>
            {
                session.Run("DELETE FROM extracts WHERE ends_at < $before", SqlValue.Time("$before", endedBefore));
                session.Run("DELETE FROM files WHERE kept_at < $before AND extract NOT IN (SELECT id FROM extracts)", SqlValue.Time("$before", endedBefore));
            },
            cancellationToken);

    public void Dispose() => _file.Dispose();

    private void Add(SqliteSession session, string id, ExtractFile file) =>
        session.Run(
            "INSERT INTO files VALUES ($extract, $number, $kept, $folder, $key, $bytes, $algorithm, $checksum, $parts, $class, $trains, $from, $to)",
            ("$extract", id),
            ("$number", file.Number),
            SqlValue.Time("$kept", time.GetUtcNow()),
            ("$folder", RawFileKey.Parse(file.Key)?.Folder ?? throw new ArgumentException($"{file.Key} is no key of a raw file.")),
            ("$key", file.Key),
            ("$bytes", file.Bytes),
            ("$algorithm", file.Checksum?.Algorithm),
            ("$checksum", file.Checksum?.Value),
            ("$parts", file.Checksum?.OfParts == true ? 1 : 0),
            ("$class", file.StorageClass),
            ("$trains", List(file.Trains)),
            SqlValue.Time("$from", file.From),
            SqlValue.Time("$to", file.To));

    // An extract that was never finished has no files.
    private static SqlQuery Files(string id) => new SqlQuery(FileColumns).And("extract = $extract AND EXISTS (SELECT 1 FROM extracts WHERE id = $extract)", ("$extract", id));

    private Task<IReadOnlyList<ExtractFile>> ReadFilesAsync(Scope scope, SqlQuery query, int limit, CancellationToken cancellationToken)
    {
        var inside = query.AndOneOf("folder", "$folders", RawFileScope.Depots(scope, null)?.Select(RawFileKey.FolderOf)).Then("ORDER BY number LIMIT $limit", ("$limit", limit));
        return _file.ReadAsync<IReadOnlyList<ExtractFile>>(session => inside.Read(session, ReadFile), cancellationToken);
    }

    private static Extract Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        new ExtractRequest(Texts(row, 3), row.Time(4), row.Time(5), row.IsDBNull(6) ? null : Texts(row, 6)),
        row.Time(7),
        row.Time(8),
        row.GetInt64(9),
        row.GetInt64(10),
        row.TimeOrNull(11),
        row.TimeOrNull(12),
        row.TextOrNull(13));

    private static ExtractFile ReadFile(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetInt64(2),
        row.TextOrNull(3) is { } algorithm ? new RawChecksum(algorithm, row.GetString(4), row.GetInt32(5) == 1) : null,
        row.GetString(6),
        Texts(row, 7),
        row.Time(8),
        row.Time(9));

    private static string List(IEnumerable<string> texts) => JsonSerializer.Serialize(texts, EmbeddedJson.Default.IEnumerableString);

    private static string[] Texts(SqliteDataReader row, int column) => [.. row.Document(column, EmbeddedJson.Default.IEnumerableString)];
}
