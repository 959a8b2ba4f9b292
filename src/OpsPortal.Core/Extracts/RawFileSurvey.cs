using OpsPortal.Core.Access;

namespace OpsPortal.Core.Extracts;

/// <summary>What raw files exist of one train: bytes by day. A file holds a depot's trains; each train's part is taken by its records.</summary>
/// <param name="Bytes">By day, in the order of the survey's days.</param>
public sealed record SurveyedTrain(string TrainId, IReadOnlyList<long> Bytes);

/// <summary>What raw files exist, by train and day of arrival (UTC).</summary>
/// <param name="Files">How many were looked at.</param>
/// <param name="IsWhole">False when there were more than could be looked at: then the last depots are missing.</param>
public sealed record RawFileSurvey(IReadOnlyList<DateOnly> Days, IReadOnlyList<SurveyedTrain> Trains, long Files, bool IsWhole)
{
    private const int MostFiles = 20_000;

    /// <summary>Looks through the catalogue.</summary>
    public static async Task<RawFileSurvey> MakeAsync(IRawFiles files, Scope scope, DateOnly last, int days, CancellationToken cancellationToken)
    {
        var all = Enumerable.Range(0, days).Select(day => last.AddDays(day - days + 1)).ToList();
        var begin = new DateTimeOffset(all[0].ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var query = new RawFileQuery(From: begin, To: begin.AddDays(days));
        var (trains, seen) = (new SortedDictionary<string, long[]>(StringComparer.Ordinal), 0L);
        do
        {
            var page = await files.FindAsync(scope, query, cancellationToken);
            foreach (var file in page.Files.Where(file => file.Content is { Records: > 0 }))
            {
                Add(trains, file, (int)(file.Hour - begin).TotalDays, days);
            }

            seen += page.Files.Count;
            query = query with { After = page.Next };
        }
        while (query.After is not null && seen < MostFiles);
        return new RawFileSurvey(all, [.. trains.Select(train => new SurveyedTrain(train.Key, train.Value))], seen, query.After is null);
    }

    private static void Add(SortedDictionary<string, long[]> trains, RawFile file, int day, int days)
    {
        foreach (var train in file.Content!.Trains)
        {
            if (!trains.TryGetValue(train.TrainId, out var bytes))
            {
                trains[train.TrainId] = bytes = new long[days];
            }

            bytes[day] += file.Bytes * train.Records / file.Content.Records;
        }
    }
}
