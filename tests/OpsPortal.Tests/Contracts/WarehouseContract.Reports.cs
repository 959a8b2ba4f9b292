using System.Globalization;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Reports;

namespace OpsPortal.Tests.Contracts;

/// <summary>Reports are made from any warehouse, and say the same.</summary>
public abstract partial class WarehouseContract
{
    [Fact]
    public async Task A_report_is_the_same_from_every_warehouse()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await AddAsync(Samples.Wembley(), "a2", Samples.Start.AddMinutes(5));

        var reports = await ReportsAsync(Everything);

        // An hour of the first train, 55 minutes of the second; one minute of each came.
        Assert.Equal(["availability 1.7", "punctuality 100", "lateShare 0", "expectedMinutes 115", "receivedMinutes 2", "missingMinutes 113", "lateMinutes 0", "trainsExpected 2", "trainsSilent 0"], reports[0].Figures.Select(Words));
        Assert.Equal(["alertsRaised 2", "criticalRaised 2", "warningRaised 0", "watchRaised 0", "openAlerts 2", "notAcknowledged 2"], reports[1].Figures.Select(Words));
        Assert.Equal([1.6, 1.8], reports[0].Tables.Single(table => table.Id == "byTrain").Rows.Select(row => row.Cells[0].Value));
    }

    [Theory]
    [Trait("Fault", "SEC-23")]
    [MemberData(nameof(Samples.Dimensions), MemberType = typeof(Samples))]
    public async Task Trains_of_another_scope_change_no_figure(string dimension)
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await AddAsync(Samples.Wembley(), "a2", Samples.Start.AddMinutes(5));
        var user = Engineer(Samples.OnlyLongsight(dimension), $"contract|{dimension}");
        var before = Words(await ReportsAsync(user));

        // Also earlier than anything this user knows.
        await AddAsync(Samples.Crofton(), "a3", Samples.Start.AddMinutes(-30));
        await AddAsync(Samples.Crofton("222-008"), "a4", Samples.Start.AddMinutes(7));

        Assert.Equal(before, Words(await ReportsAsync(user)));
        Assert.NotEqual(before, Words(await ReportsAsync(Everything)));
        Assert.Contains("No trains are known here yet.", Words(await ReportsAsync(Engineer(Samples.Nothing, "contract|nothing"))), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<Report>> ReportsAsync(User user)
    {
        var reading = new ReportReading(Warehouse, Options.Create(new ReportOptions()));
        var question = new ReportQuestion(Samples.Start, Samples.Start.AddHours(1), TimeZoneInfo.Utc, null, null, null, Samples.Start.AddHours(2), Samples.Start.AddMinutes(118));
        var reports = new List<Report>();
        foreach (var kind in ReportKind.All)
        {
            reports.Add(ReportMaker.Of(kind, question, await reading.ReadAsync(user, question, kind == ReportKind.Data, default)));
        }

        return reports;
    }

    private static string Words(ReportFigure figure) => string.Create(CultureInfo.InvariantCulture, $"{figure.Figure.Id} {figure.Value}");

    private static string Words(IReadOnlyList<Report> reports) => string.Join('\n', reports.SelectMany(report => report.Figures.Select(Words)
        .Concat(report.Tables.SelectMany(table => table.Rows.Select(row => $"{table.Id} {row.Name}: {string.Join(' ', row.Cells.Select(cell => cell.Value?.ToString(CultureInfo.InvariantCulture) ?? "–"))}")))
        .Concat(report.Limits)));
}
