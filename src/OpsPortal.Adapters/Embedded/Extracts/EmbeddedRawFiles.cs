using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Extracts;

/// <summary>Raw files of the data folder, as raw.db says: what is not in there, or behind a file's catalogued bytes, does not count.</summary>
internal sealed class EmbeddedRawFiles(EmbeddedFiles files) : IRawFiles
{
    private const string StorageClass = "FOLDER";
    private const string Columns = "SELECT id, key, kind, depot, hour, bytes, closed_at, sha256, records, set_aside, first_received_at, last_received_at FROM files";

    private readonly SqliteFile _catalogue = files.RawCatalogue;

    public async Task<RawFilePage> FindAsync(Scope scope, RawFileQuery query, CancellationToken cancellationToken)
    {
        var select = Select(query.Checked(), RawFileScope.Depots(scope, query.Depots));
        // One more than asked for tells whether there is more.
        var found = await ReadAsync(select.Then("ORDER BY key LIMIT $limit", ("$limit", query.Limit + 1)), cancellationToken);
        var page = found.Take(query.Limit).ToList();
        return new RawFilePage(page, found.Count > page.Count ? page[^1].Key : null, null, 0);
    }

    public async Task<RawFile?> GetAsync(Scope scope, string key, CancellationToken cancellationToken) =>
        (await ReadAsync(new SqlQuery(Columns).And("key = $key AND bytes > 0", ("$key", key)).AndOneOf("depot", "$depots", RawFileScope.Depots(scope, null)), cancellationToken)).FirstOrDefault();

    public async Task<RawFileState?> GetStateAsync(Scope scope, string key, CancellationToken cancellationToken) =>
        await GetAsync(scope, key, cancellationToken) is { } file ? StateOf(file) : null;

    public async Task<RawFileLink?> LinkAsync(Scope scope, string key, CancellationToken cancellationToken)
    {
        if (await GetAsync(scope, key, cancellationToken) is not { } file || RawFileKey.Parse(file.Key) is not { } parsed)
        {
            return null;
        }

        var state = StateOf(file);
        var way = state.Availability == RawFileAvailability.Available ? new RawFileWay.OnDisk(PathOf(file), file.Bytes) : null;
        return new RawFileLink(state, way, parsed.FileName, Attachment.RawFileType);
    }

    public async Task<RawFileBytes?> OpenAsync(Scope scope, string key, CancellationToken cancellationToken)
    {
        if (await GetAsync(scope, key, cancellationToken) is not { } file)
        {
            return null;
        }

        var state = StateOf(file);
        return new RawFileBytes(state, state.Availability == RawFileAvailability.Available ? FirstBytesStream.Open(PathOf(file), file.Bytes) : null);
    }

    // Nothing is ever archived here.
    public Task<RawFileState?> RequestRestoreAsync(Scope scope, string key, RestoreSpeed? speed, CancellationToken cancellationToken) => GetStateAsync(scope, key, cancellationToken);

    private static SqlQuery Select(RawFileQuery query, IReadOnlyCollection<string>? depots)
    {
        var select = new SqlQuery(Columns).And("kind = $kind AND bytes > 0", ("$kind", (int)query.Kind))
            .AndOneOf("depot", "$depots", depots)
            .AndIf("hour > $from", SqlValue.Time("$from", query.From - TimeSpan.FromHours(1)))
            .AndIf("hour < $to", SqlValue.Time("$to", query.To))
            .AndIf("key > $after", ("$after", query.After));
        return query.Trains is null
            ? select
            : select.And("EXISTS (SELECT 1 FROM file_trains WHERE file = files.id AND train IN (SELECT value FROM json_each($trains)))", ("$trains", Json(query.Trains)));
    }

    private async Task<List<RawFile>> ReadAsync(SqlQuery query, CancellationToken cancellationToken) =>
        await _catalogue.ReadAsync(
            session =>
            {
                var rows = query.Read(session, static row => (Id: row.GetInt64(0), File: File(row)));
                var trains = Trains(session, rows.Select(row => (int)row.Id));
                return rows.Select(row => row.File with { Content = row.File.Content! with { Trains = [.. trains[row.Id]] } }).ToList();
            },
            cancellationToken);

    private static ILookup<long, RawFileTrain> Trains(SqliteSession session, IEnumerable<int> ids) =>
        session.Read(
            "SELECT file, train, records, first_measured_at, last_measured_at FROM file_trains WHERE file IN (SELECT value FROM json_each($ids)) ORDER BY file, train",
            static row => (Id: row.GetInt64(0), Train: new RawFileTrain(row.GetString(1), row.GetInt64(2), row.TimeOrNull(3), row.TimeOrNull(4))),
            ("$ids", JsonSerializer.Serialize(ids, EmbeddedJson.Default.IEnumerableInt32))).ToLookup(row => row.Id, row => row.Train);

    private static RawFile File(SqliteDataReader row) => new(
        row.GetString(1),
        (SourceRecordKind)row.GetInt32(2),
        row.GetString(3),
        row.Time(4),
        row.GetInt64(5),
        row.IsDBNull(6),
        row.TextOrNull(7) is { } sha256 ? new RawChecksum(RawChecksum.Sha256, sha256) : null,
        new RawFileContent(row.GetInt64(8), row.GetInt64(9), row.TimeOrNull(10), row.TimeOrNull(11), []),
        StorageClass);

    private RawFileState StateOf(RawFile file)
    {
        var onDisk = new FileInfo(PathOf(file));
        return onDisk.Exists && onDisk.Length >= file.Bytes
            ? new RawFileState(RawFileAvailability.Available, StorageClass)
            : new RawFileState(RawFileAvailability.Gone, StorageClass, Reason: onDisk.Exists
                ? $"The file has {onDisk.Length} bytes, {file.Bytes} are catalogued: it was cut from outside. An administrator can restore it from a copy."
                : "The file is not in the data folder any more: it was moved or deleted from outside. An administrator can restore it from a copy.");
    }

    private string PathOf(RawFile file) => Path.Combine(files.Folder, file.Key);

    private static string Json(IEnumerable<string> texts) => JsonSerializer.Serialize(texts, EmbeddedJson.Default.IEnumerableString);
}
