using Microsoft.Data.Sqlite;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>A closed raw file, as catalogued.</summary>
internal sealed record ClosedRawFile(long Id, RawFile File)
{
    public string Sha256 => File.Checksum!.Value;
}

/// <summary>Which closed files another place holds too. Only what that place has confirmed is noted; nothing is deleted here on account of it.</summary>
internal sealed class RawCopies(EmbeddedFiles files)
{
    private readonly SqliteFile _catalogue = files.RawCatalogue;

    /// <summary>Closed files that this place is not noted to hold, oldest first.</summary>
    /// <param name="afterId">The id of the last one seen, to look past it.</param>
    public Task<List<ClosedRawFile>> FindMissingAsync(string place, long afterId, int limit, CancellationToken cancellationToken) =>
        _catalogue.ReadAsync(
            session => session.Read(
                """
                SELECT id, key, kind, depot, hour, bytes, sha256, records, set_aside, first_received_at, last_received_at FROM files
                WHERE closed_at IS NOT NULL AND bytes > 0 AND id > $after AND NOT EXISTS (SELECT 1 FROM copies WHERE place = $place AND file = files.id) ORDER BY id LIMIT $limit
                """,
                Closed,
                ("$after", afterId),
                ("$place", place),
                ("$limit", limit)),
            cancellationToken);

    /// <summary>How many closed files this place is not noted to hold.</summary>
    public async Task<long> CountMissingAsync(string place, CancellationToken cancellationToken) =>
        await _catalogue.ReadAsync(
            session => session.Number(
                "SELECT count(*) FROM files WHERE closed_at IS NOT NULL AND bytes > 0 AND NOT EXISTS (SELECT 1 FROM copies WHERE place = $place AND file = files.id)",
                ("$place", place)),
            cancellationToken) ?? 0;

    /// <summary>The trains in a file.</summary>
    public Task<List<RawFileTrain>> FindTrainsAsync(ClosedRawFile file, CancellationToken cancellationToken) =>
        _catalogue.ReadAsync(
            session => session.Read(
                "SELECT train, records, first_measured_at, last_measured_at FROM file_trains WHERE file = $file ORDER BY train",
                static row => new RawFileTrain(row.GetString(0), row.GetInt64(1), row.TimeOrNull(2), row.TimeOrNull(3)),
                ("$file", file.Id)),
            cancellationToken);

    public Task NoteCopyAsync(ClosedRawFile file, string place, DateTimeOffset at, CancellationToken cancellationToken) =>
        _catalogue.WriteAsync(
            session => session.Run("INSERT INTO copies VALUES ($place, $file, $at) ON CONFLICT DO NOTHING", ("$place", place), ("$file", file.Id), SqlValue.Time("$at", at)),
            cancellationToken);

    /// <summary>Where the file is on disk.</summary>
    public string PathOf(ClosedRawFile file) => Path.Combine(files.Folder, file.File.Key);

    /// <summary>Only one process copies at a time: the lock goes with the process. Null when another has it.</summary>
    public FileStream? TryTakeLock()
    {
        var path = Path.Combine(files.Folder, "raw-copies.lock");
        Directory.CreateDirectory(files.Folder);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static ClosedRawFile Closed(SqliteDataReader row) => new(row.GetInt64(0), new RawFile(
        row.GetString(1),
        (SourceRecordKind)row.GetInt32(2),
        row.GetString(3),
        row.Time(4),
        row.GetInt64(5),
        false,
        new RawChecksum(RawChecksum.Sha256, row.GetString(6)),
        new RawFileContent(row.GetInt64(7), row.GetInt64(8), row.TimeOrNull(9), row.TimeOrNull(10), []),
        "FOLDER"));
}
