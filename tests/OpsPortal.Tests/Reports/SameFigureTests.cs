using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Reports;

/// <summary>Every figure of every report, three times: from the live stores, in the report, and by SQL written by hand.</summary>
public sealed class SameFigureTests : IAsyncLifetime
{
    private static readonly User Reader = new("reports", "Reader", FrozenSet.Create(Role.Business), Core.Access.Scope.WholeFleet);

    private static readonly User Operator = new("operator", "Operator One", FrozenSet.Create(Role.Operator), Core.Access.Scope.WholeFleet);

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
    private readonly EmbeddedHouse _house;
    private readonly HashSet<(string Train, string Sensor)> _sensors = [];

    public SameFigureTests() => _house = new EmbeddedHouse(_time, more: services => services.AddSingleton<ReportReading>().AddSingleton<ReportMaker>());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    public async Task On_a_day_of_simulated_trains_the_figure_is_the_same_live_in_the_report_and_by_hand()
    {
        var start = _time.GetUtcNow();
        await FeedAsync(SimulatedDay.Trains, SimulatedDay.Records(start));

        // The second half of the day, so that there is one to compare with.
        var alerts = await AgreesAsync(start.AddHours(12), start.AddHours(24));

        Assert.NotEmpty(alerts);
        Assert.Contains(alerts, alert => alert.AcknowledgedAt is not null);
        Assert.Contains(alerts, alert => alert.AcknowledgedAt is null);
        Assert.Contains(alerts, alert => alert.ClearedAt is not null);
    }

    [RecordedDataFact]
    public async Task On_replayed_recordings_the_figure_is_the_same_live_in_the_report_and_by_hand()
    {
        var start = _time.GetUtcNow();
        var (trains, records) = Recorded(start, RecordedData.Path("sensors", "metropt", "metropt3-raw-1000.csv"), RecordedData.Path("sensors", "skab", "valve1", "0.csv"));

        await FeedAsync(trains, records);

        await AgreesAsync(start, start.AddHours(3));
    }

    // As the part Trains plays them, at their own pace and from the same moment on.
    private static (IReadOnlyList<Train> Trains, IEnumerable<SourceRecord> Records) Recorded(DateTimeOffset start, params string[] paths)
    {
        var (trains, messages) = (new List<Train>(), new List<(DateTimeOffset At, byte[] Body)>());
        foreach (var path in paths)
        {
            var file = RecordingFile.Find(path).File!;
            using var reader = new RecordingReader(file);
            using var writer = new RecordedMessageWriter(reader, file.Descriptor);
            DateTimeOffset? first = null;
            while (reader.Next())
            {
                var at = start + (reader.MeasuredAt - (first ??= reader.MeasuredAt));
                var body = new ArrayBufferWriter<byte>();
                writer.Write(body, at);
                messages.Add((at.AddMilliseconds(300), body.WrittenSpan.ToArray()));
            }

            trains.AddRange(reader.Runs.Select(run => run.Train));
        }

        return (trains, messages.OrderBy(message => message.At).Select((message, i) => new SourceRecord(i + 1, SourceRecordKind.Telemetry, message.At, message.Body)));
    }

    // What the pipeline does with each batch; now and then an operator acknowledges what is open.
    private async Task FeedAsync(IReadOnlyList<Train> trains, IEnumerable<SourceRecord> records)
    {
        var memory = new DetectorMemory(new DetectorOptions(), new PipelineOptions());
        memory.Register(trains);
        await _house.Get<ITrainRegistry>().RegisterAsync(trains, default);
        var keeping = _house.Get<DetectorKeeping>();
        foreach (var batch in records.Chunk(1_000))
        {
            var late = batch[^1].ReceivedAt - _time.GetUtcNow();
            _time.Advance(late > TimeSpan.Zero ? late : TimeSpan.Zero);
            var findings = memory.Take(batch);
            _sensors.UnionWith(findings.Windows.SelectMany(window => window.Sensors.Keys.Select(sensor => (window.Train.Id, sensor))));
            await keeping.KeepAsync(findings, default);
            await AcknowledgeSomeAsync();
        }

        await _house.Get<WarehouseFilling>().FillAsync(default);
        _time.Advance(TimeSpan.FromHours(1));
    }

    private async Task AcknowledgeSomeAsync()
    {
        var open = await _house.Get<IAlertStore>().FindAsync(Core.Access.Scope.WholeFleet, new AlertQuery(FrozenSet.Create(AlertState.Unacknowledged, AlertState.ReturnedUnacknowledged), null, null, null, null, null, 100), default);
        foreach (var alert in open.Where(alert => Convert.ToInt32(alert.Id[^1..], 16) % 2 == 0))
        {
            await _house.Get<AlertBook>().AcknowledgeAsync(Operator, alert.Id, "seen", null, default);
        }
    }

    private async Task<IReadOnlyList<AlertFact>> AgreesAsync(DateTimeOffset from, DateTimeOffset to)
    {
        var maker = _house.Get<ReportMaker>();
        var question = maker.Ask(from, to, TimeZoneInfo.Utc, null, null, null);
        var reports = new List<Report>();
        foreach (var kind in ReportKind.All)
        {
            reports.Add((await maker.MakeAsync(Reader, kind, question, default)).Report);
        }

        var (live, alerts) = await LiveAsync(question);
        var figures = reports.SelectMany(report => report.Figures).Select(figure => figure.Figure).Distinct().ToList();
        Assert.Equal(Figures.All.Except(figures), [Figures.RaisedBefore, Figures.Change]);
        foreach (var figure in figures)
        {
            var byHand = figure.Round(await ByHandAsync(HandWritten.Of(figure), question));
            Assert.True(byHand == figure.Round(live[figure.Id]), $"{figure.Id}: by hand {byHand}, live {live[figure.Id]}");
            Assert.All(reports.SelectMany(report => report.Figures).Where(one => one.Figure == figure), one => Assert.True(one.Value == byHand, $"{figure.Id}: by hand {byHand}, in the report {one.Value}"));
        }

        var isBeforeKnown = !reports[^1].Limits.Any(limit => limit.Contains("not known as a whole", StringComparison.Ordinal));
        foreach (var row in reports[^1].Table("byTrain").Rows)
        {
            var columns = reports[^1].Table("byTrain").Columns.Select(column => column.Figure).ToList();
            var before = !isBeforeKnown ? null : await ByHandAsync("SELECT COUNT(*) FROM alerts WHERE train = :train AND raised_at >= :before AND raised_at < :from", question, row.TrainId);
            Assert.Equal((before, row.Cells[0].Value - before), (row.Cells[columns.IndexOf(Figures.RaisedBefore)].Value, row.Cells[columns.IndexOf(Figures.Change)].Value));
        }

        return alerts;
    }

    private async Task<(Dictionary<string, double?> Figures, IReadOnlyList<AlertFact> Alerts)> LiveAsync(ReportQuestion question)
    {
        var kept = await _house.Get<IAlertStore>().FindAsync(Core.Access.Scope.WholeFleet, new AlertQuery(null, null, null, question.From, question.End, null, 1_000), default);
        AlertFact[] alerts = [.. kept.Select(AlertFact.Of)];
        var minutes = new Dictionary<(string Train, DateTimeOffset Minute), bool>();
        var first = new Dictionary<string, DateTimeOffset>();
        foreach (var (train, sensor) in _sensors)
        {
            foreach (var point in await _house.Get<IReadingStore>().FindAsync(Core.Access.Scope.WholeFleet, train, sensor, question.BeforeFrom.AddDays(-1), question.End, TimeSpan.FromMinutes(1), default))
            {
                first[train] = first.TryGetValue(train, out var known) && known < point.At ? known : point.At;
                if (point.At >= question.From)
                {
                    minutes[(train, point.At)] = point.Late || minutes.GetValueOrDefault((train, point.At));
                }
            }
        }

        var expected = first.Values.Sum(at => Math.Max(0, (long)((question.End < question.ExpectedUntil ? question.End : question.ExpectedUntil) - (at > question.From ? at : question.From)).TotalMinutes));
        var late = minutes.Count(minute => minute.Value);
        return (new Dictionary<string, double?>
        {
            [Figures.Availability.Id] = Figures.Share(minutes.Count, expected), [Figures.Punctuality.Id] = Figures.Share(minutes.Count - late, minutes.Count), [Figures.LateShare.Id] = Figures.Share(late, minutes.Count),
            [Figures.ExpectedMinutes.Id] = expected, [Figures.ReceivedMinutes.Id] = minutes.Count, [Figures.MissingMinutes.Id] = expected - minutes.Count, [Figures.LateMinutes.Id] = late,
            [Figures.TrainsExpected.Id] = first.Count, [Figures.TrainsSilent.Id] = first.Keys.Count(train => minutes.Keys.All(minute => minute.Train != train)),
            [Figures.AlertsRaised.Id] = alerts.Length, [Figures.CriticalRaised.Id] = Figures.CountRaised(alerts, Severity.Critical), [Figures.WarningRaised.Id] = Figures.CountRaised(alerts, Severity.Warning),
            [Figures.WatchRaised.Id] = Figures.CountRaised(alerts, Severity.Watch), [Figures.OpenAlerts.Id] = kept.Count(alert => alert.IsOpen), [Figures.NotAcknowledged.Id] = Figures.CountNotAcknowledged(alerts),
            [Figures.TimeToAcknowledge.Id] = Figures.SecondsToAcknowledge(alerts, 0.5), [Figures.TimeToAcknowledge90.Id] = Figures.SecondsToAcknowledge(alerts, 0.9), [Figures.NotCleared.Id] = Figures.CountNotCleared(alerts),
            [Figures.TimeToClear.Id] = Figures.SecondsToClear(alerts, 0.5), [Figures.TimeToClear90.Id] = Figures.SecondsToClear(alerts, 0.9), [Figures.TrainsWithAlerts.Id] = Figures.CountTrains(alerts),
        }, alerts);
    }

    private async Task<double?> ByHandAsync(string sql, ReportQuestion question, string? train = null)
    {
        var all = new Dictionary<string, object?>
        {
            ["from"] = question.From, ["to"] = question.End, ["before"] = question.BeforeFrom, ["until"] = question.ExpectedUntil < question.End ? question.ExpectedUntil : question.End, ["train"] = train,
        };
        var values = QueryText.Read(sql).Parameters.ToDictionary(name => name, name => all[name]);
        await using var result = await _house.Get<IWarehouse>().RunAsync(Reader, new WarehouseQuery(sql, values), default);
        return await result.ReadAsync(default) && result[0] is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}
