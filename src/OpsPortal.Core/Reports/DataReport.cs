namespace OpsPortal.Core.Reports;

/// <summary>Whether the trains' data came, and in time.</summary>
internal static class DataReport
{
    private static readonly ReportColumn[] Columns =
        [new(Figures.Availability), new(Figures.Punctuality), new(Figures.ExpectedMinutes), new(Figures.MissingMinutes), new(Figures.LateMinutes)];

    public static Report Of(ReportQuestion question, ReportFacts facts)
    {
        var trains = facts.Trains.Where(train => Includes(question, train)).ToList();
        var knownFrom = facts.Trains.Min(train => train.FirstMinute);
        var (steps, until) = (question.Steps, question.ExpectedUntil < question.End ? question.ExpectedUntil : question.End);
        var counts = facts.Minutes.ToLookup(count => count.TrainId, StringComparer.Ordinal);
        var sums = trains.SelectMany(train => steps.Select((step, i) => Sum(train, step, i, knownFrom, until, counts[train.Id]))).ToList();
        var whole = MinuteSum.Of(sums);
        var byTrain = sums.GroupBy(sum => sum.Train.Id, StringComparer.Ordinal).Select(group => (group.First().Train, Sum: MinuteSum.Of([.. group]))).Where(train => train.Sum.Expected > 0).ToList();
        var stepsById = sums.GroupBy(sum => sum.Step).ToDictionary(group => group.Key, group => MinuteSum.Of([.. group]));
        return new Report(
            ReportKind.Data,
            question,
            [
                Figure(Figures.Availability, Figures.Share(whole.Received, whole.Expected)),
                Figure(Figures.Punctuality, Figures.Share(whole.Received - whole.Late, whole.Received)),
                Figure(Figures.LateShare, Figures.Share(whole.Late, whole.Received)),
                Count(Figures.ExpectedMinutes, whole.Expected),
                Count(Figures.ReceivedMinutes, whole.Received),
                Count(Figures.MissingMinutes, whole.Expected - whole.Received),
                Count(Figures.LateMinutes, whole.Late),
                Count(Figures.TrainsExpected, byTrain.Count),
                Count(Figures.TrainsSilent, byTrain.Count(train => train.Sum.Received == 0)),
            ],
            [
                new ReportChart("line", $"Data received and in time, by {StepWords.Of(question)}", StepWords.Table(question), [Figures.Availability.Id, Figures.Punctuality.Id]),
                new ReportChart("bar", "Data received, by line", "byLine", [Figures.Availability.Id, Figures.Punctuality.Id], IsHorizontal: true, MostRows: 12),
            ],
            [
                new ReportTable(StepWords.Table(question), $"By {StepWords.Of(question)}", StepWords.Row(question), Columns, [.. steps.Select((step, i) => knownFrom < step.End
                    ? Row(step.Name, null, stepsById.GetValueOrDefault(i) ?? MinuteSum.Of([]))
                    : ReportRow.Unknown(step.Name, Columns.Length))]),
                Table("byLine", "By line", "Line", sums.GroupBy(sum => sum.Train.Line, StringComparer.Ordinal)),
                Table("byClass", "By class", "Class", sums.GroupBy(sum => sum.Train.Class, StringComparer.Ordinal)),
                new ReportTable("byTrain", "By train, least data first", "Train", Columns, [.. byTrain
                    .OrderBy(train => Figures.Share(train.Sum.Received, train.Sum.Expected)).ThenByDescending(train => train.Sum.Late).ThenBy(train => train.Train.Id, StringComparer.Ordinal)
                    .Select(train => Row(train.Train.Name, train.Train.Id, train.Sum))]),
            ],
            [.. Limits(question, facts, trains, knownFrom)]);

        ReportFigure Count(Figure figure, long count) => Figure(figure, knownFrom < question.End ? count : null);
    }

    private static IEnumerable<string> Limits(ReportQuestion question, ReportFacts facts, List<TrainFact> trains, DateTimeOffset? knownFrom)
    {
        if (trains.Count == 0)
        {
            yield return ReportWords.NoTrains(facts);
        }
        else if (knownFrom is null)
        {
            yield return "No readings are known here yet: there is nothing to count.";
        }
        else if (knownFrom > question.From)
        {
            yield return $"Readings are known since {ReportWords.At(knownFrom.Value, question.Zone)}: earlier ones are no longer kept or never came, and are in no figure.";
        }
    }

    private static bool Includes(ReportQuestion question, TrainFact train) =>
        (question.Line is null || question.Line == train.Line) && (question.Class is null || question.Class == train.Class) && (question.TrainId is null || question.TrainId == train.Id);

    private static MinuteSum Sum(TrainFact train, ReportStep step, int number, DateTimeOffset? knownFrom, DateTimeOffset until, IEnumerable<MinuteCount> counts)
    {
        var count = counts.FirstOrDefault(count => count.Step == number);
        var first = train.FirstMinute ?? knownFrom;
        var expected = first is null ? 0 : Minutes(first > step.Start ? first.Value : step.Start, until < step.End ? until : step.End);
        return new MinuteSum(train, number, expected, count?.Received ?? 0, count?.Late ?? 0);
    }

    /// <summary>How many minutes begin from the one on to before the other.</summary>
    private static long Minutes(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, Begun(to) - Begun(from));

    private static long Begun(DateTimeOffset at) => (at.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;

    private static ReportTable Table(string id, string title, string row, IEnumerable<IGrouping<string, MinuteSum>> groups) =>
        new(id, title, row, Columns, [.. groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Row(group.Key, null, MinuteSum.Of([.. group])))]);

    private static ReportRow Row(string name, string? trainId, MinuteSum sum) => new(
        name,
        trainId,
        [
            Cell(Figures.Availability, Figures.Share(sum.Received, sum.Expected)),
            Cell(Figures.Punctuality, Figures.Share(sum.Received - sum.Late, sum.Received)),
            Cell(Figures.ExpectedMinutes, sum.Expected),
            Cell(Figures.MissingMinutes, sum.Expected - sum.Received),
            Cell(Figures.LateMinutes, sum.Late),
        ]);

    private static ReportCell Cell(Figure figure, double? value) => new(figure.Round(value), null);

    private static ReportFigure Figure(Figure figure, double? value) => new(figure, figure.Round(value), null, null);

    private sealed record MinuteSum(TrainFact Train, int Step, long Expected, long Received, long Late)
    {
        private static readonly TrainFact Nobody = new("", "", "", "", null, null);

        public static MinuteSum Of(IReadOnlyList<MinuteSum> sums) => new(Nobody, 0, sums.Sum(sum => sum.Expected), sums.Sum(sum => sum.Received), sums.Sum(sum => sum.Late));
    }
}
