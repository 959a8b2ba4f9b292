using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Health;
using OpsPortal.Core.Reports.Mail;

namespace OpsPortal.Adapters.Embedded.Reports;

/// <summary>Reports that are sent by mail, in a file of their own: <c>mails.db</c>. It holds who is sent what, and no figure of any report.</summary>
internal sealed class EmbeddedMailedReports(IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedMailedReports> logger) : IMailedReports, IServiceHealth, IDisposable
{
    private const string Columns =
        "SELECT id, owner, owner_name, sent_to, report, rhythm, at, zone, line, class, train, made_at, until, due_at, try_at, sent_at, problem, tries FROM mailed_reports";

    private static readonly SqliteSchema Schema = new(
        "mails",
        "mails.db",
        """
        CREATE TABLE mailed_reports (
            id TEXT PRIMARY KEY, owner TEXT NOT NULL, owner_name TEXT NOT NULL, sent_to TEXT NOT NULL, report TEXT NOT NULL, rhythm TEXT NOT NULL, at TEXT NOT NULL, zone TEXT NOT NULL,
            line TEXT, class TEXT, train TEXT, made_at INTEGER NOT NULL, until INTEGER NOT NULL, due_at INTEGER NOT NULL, try_at INTEGER NOT NULL, sent_at INTEGER, problem TEXT, tries INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX mailed_reports_by_owner ON mailed_reports (owner, made_at);
        CREATE INDEX mailed_reports_by_time ON mailed_reports (try_at);
        """);

    private readonly SqliteFile _file = new(Schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger);

    public ServiceHealth Get() => _file.Get();

    public Task<bool> KeepAsync(MailedReport report, int most, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            file =>
            {
                if (file.Number("SELECT COUNT(*) FROM mailed_reports WHERE owner = $owner", ("$owner", report.OwnerId)) >= most)
                {
                    return false;
                }

                file.Run(
                    "INSERT INTO mailed_reports VALUES ($id, $owner, $ownerName, $to, $report, $rhythm, $at, $zone, $line, $class, $train, $madeAt, $until, $dueAt, $tryAt, $sentAt, $problem, $tries)",
                    ("$id", report.Id),
                    ("$owner", report.OwnerId),
                    ("$ownerName", report.OwnerName),
                    ("$to", report.To),
                    ("$report", report.Report),
                    ("$rhythm", report.Times.Every.ToString()),
                    ("$at", report.Times.At.ToString("HH:mm", CultureInfo.InvariantCulture)),
                    ("$zone", report.Times.Zone.Id),
                    ("$line", report.Line),
                    ("$class", report.Class),
                    ("$train", report.TrainId),
                    SqlValue.Time("$madeAt", report.MadeAt),
                    SqlValue.Time("$until", report.Until),
                    SqlValue.Time("$dueAt", report.DueAt),
                    SqlValue.Time("$tryAt", report.TryAt),
                    SqlValue.Time("$sentAt", report.SentAt),
                    ("$problem", report.Problem),
                    ("$tries", report.Tries));
                return true;
            },
            cancellationToken);

    public async Task<IReadOnlyList<MailedReport>> FindAsync(string? ownerId, int limit, CancellationToken cancellationToken) =>
        await _file.ReadAsync(
            file => file.Read($"{Columns} WHERE $owner IS NULL OR owner = $owner ORDER BY owner, made_at, id LIMIT $limit", Read, ("$owner", ownerId), ("$limit", limit)), cancellationToken);

    public Task<MailedReport?> GetAsync(string id, CancellationToken cancellationToken) => _file.ReadAsync(file => Find(file, id), cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => _file.RunAsync("DELETE FROM mailed_reports WHERE id = $id", cancellationToken, ("$id", id));

    public Task ExtendAsync(string id, DateTimeOffset until, CancellationToken cancellationToken) =>
        _file.RunAsync("UPDATE mailed_reports SET until = MAX(until, $until) WHERE id = $id", cancellationToken, ("$id", id), SqlValue.Time("$until", until));

    public async Task<IReadOnlyList<MailedReport>> TakeDueAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        await _file.WriteAsync(
            file =>
            {
                var due = file.Read($"{Columns} WHERE try_at <= $now AND until > $now ORDER BY try_at, id LIMIT $limit", Read, SqlValue.Time("$now", now), ("$limit", limit));
                foreach (var report in due)
                {
                    file.Run("UPDATE mailed_reports SET try_at = $until WHERE id = $id", ("$id", report.Id), SqlValue.Time("$until", until));
                }

                return due;
            },
            cancellationToken);

    public Task NoteSentAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        _file.RunAsync("UPDATE mailed_reports SET sent_at = $at WHERE id = $id", cancellationToken, ("$id", id), SqlValue.Time("$at", at));

    public Task NoteAsync(MailedReport report, CancellationToken cancellationToken) =>
        _file.RunAsync(
            "UPDATE mailed_reports SET due_at = $dueAt, try_at = $tryAt, sent_at = $sentAt, problem = $problem, tries = $tries WHERE id = $id",
            cancellationToken,
            ("$id", report.Id),
            SqlValue.Time("$dueAt", report.DueAt),
            SqlValue.Time("$tryAt", report.TryAt),
            SqlValue.Time("$sentAt", report.SentAt),
            ("$problem", report.Problem),
            ("$tries", report.Tries));

    public void Dispose() => _file.Dispose();

    private static MailedReport? Find(SqliteSession file, string id) => file.First($"{Columns} WHERE id = $id", Read, ("$id", id));

    private static MailedReport Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        new MailTimes(Enum.Parse<MailRhythm>(row.GetString(5)), TimeOnly.ParseExact(row.GetString(6), "HH:mm", CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(row.GetString(7))),
        row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10), row.Time(11), row.Time(12), row.Time(13), row.Time(14), row.TimeOrNull(15), row.TextOrNull(16), row.GetInt32(17));
}
