using System.Globalization;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>What is known of a recording before it is played: read through once.</summary>
/// <param name="Trains">Every train in it, as it is first named.</param>
/// <param name="Duration">From its first row played to its last, as it is played at real speed.</param>
/// <param name="Mistake">Why it cannot be played at all, or null.</param>
/// <param name="Warnings">What looks as if the descriptor did not fit the file.</param>
internal sealed record RecordingSurvey(IReadOnlyList<Train> Trains, TimeSpan Duration, string? Mistake, IReadOnlyList<string> Warnings)
{
    // One in twenty.
    private const int TooManyBack = 20;

    private static readonly TimeSpan LongGap = TimeSpan.FromDays(1);

    /// <exception cref="InvalidDataException">The file is no recording; says why.</exception>
    public static RecordingSurvey Of(RecordingFile file, TimeSpan from)
    {
        using var reader = new RecordingReader(file, from);
        while (reader.Next())
        {
        }

        var mistake = FindMistake(file, reader);
        return new RecordingSurvey([.. reader.Runs.Select(run => run.Train)], reader.Offset, mistake, mistake is null ? [.. FindWarnings(file, reader)] : []);
    }

    // What begins only after the end of a shorter recording says nothing against its descriptor.
    private static string? FindMistake(RecordingFile file, RecordingReader reader) =>
        reader is { Kept: 0, RowsRead: > 0 } && reader.SetAside.Of("skipped") == 0 ? string.Join("; ", [CanBePlayed(reader), .. NotNumbers(file, reader)]) : null;

    private static IEnumerable<string> FindWarnings(RecordingFile file, RecordingReader reader)
    {
        if (reader.Kept * 2 < reader.RowsRead - reader.SetAside.OnPurpose || reader is { Kept: 0, RowsRead: > 0 })
        {
            yield return CanBePlayed(reader);
        }

        if (reader.SetAside.Of("timeGoesBack") * TooManyBack > reader.RowsRead)
        {
            yield return $"rows are not in the order of time: {reader.SetAside.InWords()}. \"sorted\": false sorts them, up to {RecordedRows.MostUnsorted} rows; disorderSeconds puts any number of them in order within a time";
        }

        var (since, until) = reader.LongestGap;
        if (until - since > LongGap && file.Descriptor.LongestGapSeconds is null)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"nothing between {since:u} and {until:u}: that is waited out. longestGapSeconds makes it shorter; if a clock was wrong, time.notBefore and time.notAfter leave its rows out");
        }

        foreach (var warning in NotNumbers(file, reader))
        {
            yield return warning;
        }
    }

    private static IEnumerable<string> NotNumbers(RecordingFile file, RecordingReader reader)
    {
        if (reader.Seen.Lost is { } place)
        {
            yield return $"most positions cannot be, e.g. {SetAsideRows.Shown(place)}{reader.Layout.Numbers.Remedy(place.Split(' ')[0])}";
        }

        foreach (var (column, i) in (file.Descriptor.Columns ?? []).Select((column, i) => (column, i)))
        {
            if (reader.Seen.NeverReadable(i) is { } field)
            {
                yield return $"column '{column.Column}' has not one number, e.g. {SetAsideRows.Shown(field)}{reader.Layout.Numbers.Remedy(field)}";
            }
        }
    }

    private static string CanBePlayed(RecordingReader reader) =>
        string.Create(CultureInfo.InvariantCulture, $"{reader.Kept:N0} of {reader.RowsRead:N0} rows can be played: {reader.SetAside.InWords()}");
}
