using OpsPortal.Core.Alerts;
using OpsPortal.Core.Reports;
using OpsPortal.Tests.Contracts;

namespace OpsPortal.Tests.Reports;

public sealed class FigureTests
{
    [Fact]
    public void Every_figure_is_called_by_one_name_and_says_what_it_counts()
    {
        var declared = typeof(Figures).GetProperties().Where(property => property.PropertyType == typeof(Figure)).Select(property => (Figure)property.GetValue(null)!).ToList();

        Assert.Equal(declared.Select(figure => figure.Id).Order(), Figures.All.Select(figure => figure.Id).Order());
        Assert.Equal(Figures.All.Count, Figures.All.Select(figure => figure.Id).Distinct().Count());
        Assert.All(Figures.All, figure => Assert.EndsWith(".", figure.Counts, StringComparison.Ordinal));
    }

    [Fact]
    public void Shares_are_rounded_so_that_neither_all_nor_nothing_is_said_of_almost()
    {
        Assert.Equal("99.9 %", Figures.Availability.Words(99.99));
        Assert.Equal("100.0 %", Figures.Availability.Words(100));
        Assert.Equal("0.1 %", Figures.LateShare.Words(0.001));
        Assert.Equal("0.0 %", Figures.LateShare.Words(0));
        // A third of three: no tenth is lost to binary fractions.
        Assert.Equal(58.3, Figures.Availability.Round(100.0 * 583 / 1_000));
    }

    [Fact]
    public void Where_there_is_nothing_to_count_there_is_no_figure()
    {
        Assert.Null(Figures.Share(0, 0));
        Assert.Null(Figures.SecondsToAcknowledge([ReportSamples.Alert(0)], 0.5));
        Assert.Null(Figures.SecondsToClear([], 0.5));
        Assert.Equal("–", Figures.Availability.Words(null));
        Assert.Equal(0, Figures.Share(0, 5));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(252, "4 min 12 s")]
    [InlineData(7_500, "2 h 05 min")]
    [InlineData(273_600, "3 d 04 h")]
    public void Times_are_said_in_two_parts(double seconds, string words) => Assert.Equal(words, Figures.TimeToClear.Words(seconds));

    [Fact]
    public void A_median_is_a_time_that_some_alert_really_took()
    {
        AlertFact[] alerts = [.. new double[] { 1, 2, 4, 8 }.Select(minutes => ReportSamples.Alert(0, minutes, minutes * 10))];

        Assert.Equal(120, Figures.SecondsToAcknowledge(alerts, 0.5));
        Assert.Equal(480, Figures.SecondsToAcknowledge(alerts, 0.9));
        Assert.Equal(1_200, Figures.SecondsToClear(alerts, 0.5));
        Assert.Equal(60, Figures.SecondsToAcknowledge(alerts[..1], 0.5));
        Assert.Equal(540, Figures.SecondsToAcknowledge([.. Enumerable.Range(1, 10).Select(minutes => ReportSamples.Alert(0, minutes))], 0.9));
    }

    [Fact]
    public void A_trains_clock_that_runs_ahead_makes_no_time_negative() => Assert.Equal(0, Figures.SecondsToAcknowledge([ReportSamples.Alert(5, 3)], 0.5));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void What_is_open_in_a_report_is_open_on_the_alerts_page(bool acknowledged, bool cleared)
    {
        var alert = Samples.Alert("a", Samples.Longsight(), Samples.Start);
        alert = acknowledged ? Samples.Acknowledged(alert, Samples.Start.AddMinutes(1)) : alert;
        alert = cleared ? alert with { Episode = alert.Episode with { ClearedAt = Samples.Start.AddMinutes(2) } } : alert;

        Assert.Equal(alert.IsOpen, AlertFact.Of(alert).IsOpen);
        Assert.Equal(alert.IsOpen ? 1 : 0, Figures.CountOpen([AlertFact.Of(alert)], Severity.Critical));
    }
}
