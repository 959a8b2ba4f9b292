using OpsPortal.Core.Alerts;
using OpsPortal.Core.Reports;

namespace OpsPortal.Tests.Reports;

public sealed class ReportTests
{
    private static readonly DateTimeOffset Noon = ReportSamples.Noon;

    [Fact]
    public void Received_minutes_are_held_against_those_expected_of_each_train()
    {
        var report = Of(
            ReportKind.Data,
            ReportSamples.Question(60),
            trains: [ReportSamples.Train("390-042", Noon.AddDays(-1)), ReportSamples.Train("390-001", Noon.AddMinutes(40)), ReportSamples.Train("222-007", null, "MML", "222")],
            minutes: [new("390-042", 0, 50, 5), new("390-001", 0, 20, 0)]);

        // An hour of the first, twenty minutes of the one that joined, an hour of the one never heard.
        Assert.Equal((140, 70, 70), (report.Value(Figures.ExpectedMinutes), report.Value(Figures.ReceivedMinutes), report.Value(Figures.MissingMinutes)));
        Assert.Equal((50.0, 92.8, 7.2), (report.Value(Figures.Availability), report.Value(Figures.Punctuality), report.Value(Figures.LateShare)));
        Assert.Equal((3, 1), (report.Value(Figures.TrainsExpected), report.Value(Figures.TrainsSilent)));
        Assert.Equal(["222 007", "390 042", "390 001"], report.Table("byTrain").Rows.Select(row => row.Name));
        Assert.Equal((0, 87.5), (report.Cell("byLine", "MML", Figures.Availability), report.Cell("byLine", "WCML", Figures.Availability)));
        Assert.Null(report.Cell("byLine", "MML", Figures.Punctuality));
        Assert.Empty(report.Limits);
    }

    [Fact]
    public void A_late_batch_is_received_and_not_in_time()
    {
        var report = Of(ReportKind.Data, ReportSamples.Question(10), minutes: [new("390-042", 0, 10, 10)]);

        Assert.Equal((100, 0, 100, 10), (report.Value(Figures.Availability), report.Value(Figures.Punctuality), report.Value(Figures.LateShare), report.Value(Figures.LateMinutes)));
    }

    [Fact]
    public void The_last_minutes_are_not_expected_yet()
    {
        var report = Of(ReportKind.Data, ReportSamples.Question(60, askedAfter: 12.5), minutes: [new("390-042", 0, 11, 0)]);

        Assert.Equal((11, 100), (report.Value(Figures.ExpectedMinutes), report.Value(Figures.Availability)));
    }

    [Fact]
    public void Where_nothing_is_known_there_is_no_figure_and_it_is_said()
    {
        foreach (var kind in ReportKind.All)
        {
            var report = ReportMaker.Of(kind, ReportSamples.Question(60), new ReportFacts([], [], [], [], null, false));

            Assert.NotEmpty(report.Limits);
            // Not even a count: none would be a claim.
            Assert.All(report.Figures, figure => Assert.Equal((null, null), (figure.Value, figure.Before)));
            Assert.All(report.Tables.SelectMany(table => table.Rows).SelectMany(row => row.Cells), cell => Assert.Null(cell.Value));
        }

        var data = ReportMaker.Of(ReportKind.Data, ReportSamples.Question(60), new ReportFacts([ReportSamples.Train("390-042", null)], [], [], [], null, false));
        Assert.All(data.Figures, figure => Assert.Null(figure.Value));
        Assert.Contains(data.Limits, limit => limit.Contains("No readings are known here yet", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_store_no_longer_keeps_is_in_no_figure_and_it_is_said_since_when()
    {
        var report = Of(ReportKind.Data, ReportSamples.Question(60), trains: [ReportSamples.Train("390-042", Noon.AddMinutes(30))], minutes: [new("390-042", 0, 30, 0)]);

        Assert.Equal((30, 100), (report.Value(Figures.ExpectedMinutes), report.Value(Figures.Availability)));
        Assert.Contains("Readings are known since 20 Nov 2026 12:30 UTC", Assert.Single(report.Limits), StringComparison.Ordinal);
    }

    [Fact]
    public void Alerts_are_counted_by_severity_line_class_and_time()
    {
        var report = Of(ReportKind.Alerts, ReportSamples.Question(180), alerts:
        [
            ReportSamples.Alert(0, severity: Severity.Critical), ReportSamples.Alert(59.9, 61, 62), ReportSamples.Alert(60, 61), ReportSamples.Alert(170, severity: Severity.Watch, line: "MML", trainClass: "222"),
        ]);

        Assert.Equal((4, 1, 2, 1), (report.Value(Figures.AlertsRaised), report.Value(Figures.CriticalRaised), report.Value(Figures.WarningRaised), report.Value(Figures.WatchRaised)));
        Assert.Equal((3, 2), (report.Value(Figures.OpenAlerts), report.Value(Figures.NotAcknowledged)));
        Assert.Equal([2, 1, 1], report.Table("byHour").Rows.Select(row => row.Cells[0].Value));
        Assert.Equal((3, 1), (report.Cell("byLine", "WCML", Figures.AlertsRaised), report.Cell("byClass", "222", Figures.WatchRaised)));
        Assert.Equal(4, report.Cell("byMonth", "Nov 2026", Figures.AlertsRaised));
    }

    [Fact]
    public void Every_number_leads_to_exactly_the_alerts_it_counts()
    {
        var report = Of(ReportKind.Alerts, ReportSamples.Question(120), alerts: [ReportSamples.Alert(5), ReportSamples.Alert(70, severity: Severity.Critical)]);

        Assert.Equal(new AlertsBehind(Noon, Noon.AddMinutes(120), null, null, null), report.Figures[0].Behind);
        var second = report.Table("byHour").Rows[1];
        Assert.Equal(new AlertsBehind(Noon.AddMinutes(60), Noon.AddMinutes(120), null, null, null, Severity: Severity.Critical), second.Cells[1].Behind);
        Assert.Equal("WCML", report.Table("byLine").Rows[0].Cells[0].Behind!.Line);
        Assert.True(report.Figures.Single(figure => figure.Figure == Figures.NotAcknowledged).Behind!.NotAcknowledged);
    }

    [Fact]
    public void An_hour_without_alerts_counts_none_and_one_before_anything_was_known_has_no_figure()
    {
        var report = Of(ReportKind.Alerts, ReportSamples.Question(180), alerts: [ReportSamples.Alert(130)], knownFrom: Noon.AddMinutes(61));

        Assert.Equal([null, 0, 1], report.Table("byHour").Rows.Select(row => row.Cells[0].Value));
        Assert.Contains("Alerts are known since 20 Nov 2026 13:01 UTC", Assert.Single(report.Limits), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_of_those_that_were_acknowledged_and_the_others_are_counted_apart()
    {
        var report = Of(ReportKind.Response, ReportSamples.Question(60), alerts: [ReportSamples.Alert(0, 1, 20), ReportSamples.Alert(0, 3), ReportSamples.Alert(0, null, 10), ReportSamples.Alert(0)]);

        Assert.Equal((60, 180, 2), (report.Value(Figures.TimeToAcknowledge), report.Value(Figures.TimeToAcknowledge90), report.Value(Figures.NotAcknowledged)));
        Assert.Equal((600, 1_200, 2), (report.Value(Figures.TimeToClear), report.Value(Figures.TimeToClear90), report.Value(Figures.NotCleared)));
    }

    [Fact]
    public void The_worst_come_first_with_what_they_were_before()
    {
        var report = Of(
            ReportKind.Worst,
            ReportSamples.Question(60),
            trains: [ReportSamples.Train("390-042", Noon.AddDays(-9)), ReportSamples.Train("390-001", Noon.AddDays(-9))],
            alerts: [ReportSamples.Alert(1), ReportSamples.Alert(2, severity: Severity.Critical, train: "390-001"), ReportSamples.Alert(3, subsystem: "brakes", train: "390-001")],
            before: [ReportSamples.Alert(-1), ReportSamples.Alert(-2)]);

        Assert.Equal(["390 001", "390 042"], report.Table("byTrain").Rows.Select(row => row.Name));
        Assert.Equal((0, 2), (report.Cell("byTrain", "390 001", Figures.RaisedBefore), report.Cell("byTrain", "390 001", Figures.Change)));
        Assert.Equal((2, -1), (report.Cell("byTrain", "390 042", Figures.RaisedBefore), report.Cell("byTrain", "390 042", Figures.Change)));
        Assert.Equal(["axle box", "brakes"], report.Table("byComponent").Rows.Select(row => row.Name));
        Assert.Equal(2, report.Figures[0].Before);
    }

    [Fact]
    public void With_a_period_before_that_is_not_known_as_a_whole_nothing_is_compared()
    {
        var report = Of(ReportKind.Worst, ReportSamples.Question(60), alerts: [ReportSamples.Alert(1)], before: [ReportSamples.Alert(-1)], knownFrom: Noon.AddMinutes(-30));

        Assert.Null(report.Figures[0].Before);
        Assert.Null(report.Cell("byTrain", "390 042", Figures.RaisedBefore));
        Assert.Null(report.Cell("byTrain", "390 042", Figures.Change));
        Assert.Contains(report.Limits, limit => limit.Contains("nothing to compare with", StringComparison.Ordinal));
    }

    [Fact]
    public void More_alerts_than_are_counted_are_said() =>
        Assert.Contains("more alerts than are counted", Assert.Single(ReportMaker.Of(ReportKind.Alerts, ReportSamples.Question(60), ReportSamples.Facts(cut: true)).Limits), StringComparison.Ordinal);

    [Fact]
    public void Days_begin_where_the_zone_says_also_when_clocks_change()
    {
        var london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        var days = ReportStep.Cut(At("2026-10-23T23:00:00Z"), At("2026-10-26T12:00:00Z"), london, ReportStepKind.Day);
        var hours = ReportStep.Cut(At("2026-10-24T23:30:00Z"), At("2026-10-25T03:00:00Z"), london, ReportStepKind.Hour);
        var months = ReportStep.Cut(At("2026-10-15T00:00:00Z"), At("2026-12-02T00:00:00Z"), london, ReportStepKind.Month);

        Assert.Equal(["Sat 24 Oct", "Sun 25 Oct", "Mon 26 Oct"], days.Select(day => day.Name));
        Assert.Equal([24, 25, 12], days.Select(day => (day.End - day.Start).TotalHours));
        Assert.Equal(["25 Oct 00:30", "25 Oct 01:00", "25 Oct 01:00", "25 Oct 02:00"], hours.Select(hour => hour.Name));
        Assert.Equal(["Oct 2026", "Nov 2026", "Dec 2026"], months.Select(month => month.Name));
        Assert.Equal(At("2026-11-01T00:00:00Z"), months[1].Start);
    }

    private static Report Of(
        ReportKind kind, ReportQuestion question, IReadOnlyList<TrainFact>? trains = null, IReadOnlyList<AlertFact>? alerts = null, IReadOnlyList<AlertFact>? before = null, IReadOnlyList<MinuteCount>? minutes = null, DateTimeOffset? knownFrom = null) =>
        ReportMaker.Of(kind, question, ReportSamples.Facts(trains, alerts, before, minutes, knownFrom));
}
