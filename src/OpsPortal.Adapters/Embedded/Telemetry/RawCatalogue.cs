using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>A raw file that may still grow, as catalogued: whatever is behind its bytes is no part of it.</summary>
internal sealed record OpenRawFile(long Id, string FileKey, RawKey Key, long Bytes);

/// <summary>One gzip member, written and forced to disk.</summary>
internal sealed record RawMember(OpenRawFile File, long Bytes, RawContent Content);

/// <summary>What the raw files hold, and up to which source offset: the one truth of what counts.</summary>
internal sealed class RawCatalogue(EmbeddedFiles files)
{
    private readonly SqliteFile _file = files.RawCatalogue;

    /// <summary>Everything up to this offset is in the files.</summary>
    public Task<long> GetArchivedAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(static session => session.Number("SELECT source_offset FROM archived")!.Value, cancellationToken);

    public Task<List<OpenRawFile>> FindOpenAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(
            static session => session.Read(
                "SELECT id, key, kind, depot, hour, bytes FROM files WHERE closed_at IS NULL ORDER BY id",
                static row => new OpenRawFile(row.GetInt64(0), row.GetString(1), new RawKey((SourceRecordKind)row.GetInt32(2), row.GetString(3), row.Time(4)), row.GetInt64(5))),
            cancellationToken);

    /// <summary>Enters a file before its first byte is written: there is never one on disk that is not in here.</summary>
    public Task<OpenRawFile> EnterAsync(string fileKey, RawKey key, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            session =>
            {
                var id = session.Number(
                    "INSERT INTO files (key, kind, depot, hour, bytes, records, set_aside) VALUES ($key, $kind, $depot, $hour, 0, 0, 0) RETURNING id",
                    ("$key", fileKey),
                    ("$kind", (int)key.Kind),
                    ("$depot", key.Depot),
                    SqlValue.Time("$hour", key.Hour));
                return new OpenRawFile(id!.Value, fileKey, key, 0);
            },
            cancellationToken);

    /// <summary>Enters what was written, and the offset up to which everything is written now: all or nothing.</summary>
    public Task KeepAsync(IReadOnlyList<RawMember> members, long archived, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            session =>
            {
                foreach (var member in members)
                {
                    Keep(session, member);
                }

                session.Run("UPDATE archived SET source_offset = $archived", ("$archived", archived));
            },
            cancellationToken);

    public Task CloseAsync(OpenRawFile file, string sha256, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            session => session.Run("UPDATE files SET closed_at = $at, sha256 = $sha256 WHERE id = $id", SqlValue.Time("$at", at), ("$sha256", sha256), ("$id", file.Id)),
            cancellationToken);

    /// <summary>The number of a wish to close all open files that is not answered yet, and up to which source offset they must reach; null when there is none.</summary>
    public async Task<(long Asked, long SourceOffset)?> FindWishAsync(CancellationToken cancellationToken) =>
        (await _file.ReadAsync(static session => session.Read("SELECT asked, source_offset FROM closing WHERE asked > answered", static row => (row.GetInt64(0), row.GetInt64(1))), cancellationToken))
            .Select(static wish => ((long, long)?)wish).FirstOrDefault();

    /// <summary>Notes that all wishes up to this number are fulfilled.</summary>
    public Task AnswerWishAsync(long asked, CancellationToken cancellationToken) =>
        _file.WriteAsync(session => session.Run("UPDATE closing SET answered = max(answered, $asked)", ("$asked", asked)), cancellationToken);

    private static void Keep(SqliteSession session, RawMember member)
    {
        var content = member.Content;
        session.Run(
            "INSERT INTO members VALUES ($file, $start, $bytes, $records, $first, $last)",
            ("$file", member.File.Id),
            ("$start", member.File.Bytes),
            ("$bytes", member.Bytes),
            ("$records", content.Records),
            ("$first", content.FirstOffset),
            ("$last", content.LastOffset));
        session.Run(
            """
            UPDATE files SET bytes = bytes + $bytes, records = records + $records, set_aside = set_aside + $aside,
                first_received_at = min(coalesce(first_received_at, $first), $first), last_received_at = max(coalesce(last_received_at, $last), $last)
            WHERE id = $file
            """,
            ("$bytes", member.Bytes),
            ("$records", content.Records),
            ("$aside", content.SetAside),
            SqlValue.Time("$first", content.FirstReceivedAt),
            SqlValue.Time("$last", content.LastReceivedAt),
            ("$file", member.File.Id));
        foreach (var (train, part) in content.Trains)
        {
            session.Run(
                """
                INSERT INTO file_trains VALUES ($file, $train, $records, $first, $last) ON CONFLICT DO UPDATE SET records = records + excluded.records,
                    first_measured_at = min(coalesce(first_measured_at, excluded.first_measured_at), coalesce(excluded.first_measured_at, first_measured_at)),
                    last_measured_at = max(coalesce(last_measured_at, excluded.last_measured_at), coalesce(excluded.last_measured_at, last_measured_at))
                """,
                ("$file", member.File.Id),
                ("$train", train),
                ("$records", part.Records),
                SqlValue.Time("$first", part.FirstMeasuredAt),
                SqlValue.Time("$last", part.LastMeasuredAt));
        }
    }
}
