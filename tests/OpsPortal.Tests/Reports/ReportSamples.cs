using OpsPortal.Core.Alerts;
using OpsPortal.Core.Reports;

namespace OpsPortal.Tests.Reports;

/// <summary>Facts and questions for tests of reports.</summary>
internal static class ReportSamples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static TrainFact Train(string id, DateTimeOffset? first, string line = "WCML", string trainClass = "390") => new(id, id.Replace('-', ' '), line, trainClass, first, first);

    public static AlertFact Alert(double raised, double? acknowledged = null, double? cleared = null, Severity severity = Severity.Warning, string train = "390-042", string line = "WCML", string trainClass = "390", string subsystem = "axleBox") =>
        new(train, line, trainClass, subsystem, severity, At(raised), At(acknowledged), At(cleared));

    /// <summary>From noon on for so many minutes, asked long after.</summary>
    public static ReportQuestion Question(double minutes, double askedAfter = 100_000) =>
        new(Noon, Noon.AddMinutes(minutes), TimeZoneInfo.Utc, null, null, null, Noon.AddMinutes(askedAfter), Noon.AddMinutes(askedAfter - 2));

    public static ReportFacts Facts(IReadOnlyList<TrainFact>? trains = null, IReadOnlyList<AlertFact>? alerts = null, IReadOnlyList<AlertFact>? before = null, IReadOnlyList<MinuteCount>? minutes = null, DateTimeOffset? knownFrom = null, bool cut = false) =>
        new(trains ?? [Train("390-042", Noon.AddDays(-30))], alerts ?? [], before ?? [], minutes ?? [], knownFrom ?? Noon.AddDays(-30), cut);

    public static double? Value(this Report report, Figure figure) => report.Figures.Single(one => one.Figure == figure).Value;

    public static ReportTable Table(this Report report, string id) => report.Tables.Single(table => table.Id == id);

    public static double? Cell(this Report report, string table, string row, Figure figure)
    {
        var found = report.Table(table);
        var column = found.Columns.Select((column, i) => (column, i)).Single(one => one.column.Figure == figure).i;
        return found.Rows.Single(one => one.Name == row).Cells[column].Value;
    }

    private static DateTimeOffset At(double minutes) => Noon.AddMinutes(minutes);

    private static DateTimeOffset? At(double? minutes) => minutes is null ? null : At(minutes.Value);
}
