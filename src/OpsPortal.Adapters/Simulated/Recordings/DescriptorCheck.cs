using System.Text.RegularExpressions;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Finds everything that is wrong with a descriptor, given the columns that the recording has.</summary>
internal static partial class DescriptorCheck
{
    private const double LongestInterval = 86_400;

    public static IReadOnlyList<string> Find(RecordingDescriptor descriptor, IReadOnlyList<string> header)
    {
        var mistakes = new List<string>();
        CheckTrain(descriptor, mistakes);
        CheckTime(descriptor.Time, header, mistakes);
        CheckColumns(descriptor, header, mistakes);
        return mistakes;
    }

    private static void CheckTrain(RecordingDescriptor descriptor, List<string> mistakes)
    {
        if (!TelemetryParser.IsTrainId(descriptor.Train?.Id))
        {
            mistakes.Add("train.id must be 1-128 characters of a-z A-Z 0-9 : _ -");
        }

        if (descriptor.Separator is { } separator && (separator is not [var one] || !char.IsAscii(one)))
        {
            mistakes.Add($"separator '{separator}' must be one ASCII character");
        }

        if (descriptor.ExpectedIntervalSeconds is not (> 0 and <= LongestInterval))
        {
            mistakes.Add($"expectedIntervalSeconds must be above 0 and at most {LongestInterval}");
        }
    }

    private static void CheckTime(RecordedTime? time, IReadOnlyList<string> header, List<string> mistakes)
    {
        if (time?.Column is not { } column || !header.Contains(column))
        {
            mistakes.Add($"time.column '{time?.Column}' is not a column of the file; there are {string.Join(", ", header)}");
        }

        if (string.IsNullOrWhiteSpace(time?.Format))
        {
            mistakes.Add("time.format is missing, e.g. yyyy-MM-dd HH:mm:ss");
        }

        if (time?.Zone is not { } zone || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            mistakes.Add($"time.zone '{time?.Zone}' is not a time zone that this machine knows; name one such as UTC or Europe/Lisbon");
        }
    }

    private static void CheckColumns(RecordingDescriptor descriptor, IReadOnlyList<string> header, List<string> mistakes)
    {
        var columns = descriptor.Columns ?? [];
        if (columns.Count == 0)
        {
            mistakes.Add("columns is empty: nothing would be read");
        }

        foreach (var column in columns)
        {
            CheckColumn(descriptor, column, header, mistakes);
        }

        foreach (var doubled in columns.GroupBy(column => column.Sensor).Where(group => group.Count() > 1))
        {
            mistakes.Add($"sensor '{doubled.Key}' is named by {doubled.Count()} columns");
        }

        var named = columns.Select(column => column.Column).Concat(descriptor.Ignored ?? []).Append(descriptor.Time?.Column).ToHashSet();
        foreach (var left in header.Where(column => !named.Contains(column)))
        {
            mistakes.Add($"column '{left}' of the file is neither named nor ignored");
        }
    }

    private static void CheckColumn(RecordingDescriptor descriptor, RecordedColumn column, IReadOnlyList<string> header, List<string> mistakes)
    {
        if (column.Column is null || !header.Contains(column.Column))
        {
            mistakes.Add($"column '{column.Column}' is not a column of the file");
        }

        if (column.Sensor is null || !SensorId().IsMatch(column.Sensor))
        {
            mistakes.Add($"sensor '{column.Sensor}' of column '{column.Column}' must look like oilTemperature.car1");
        }

        if (column.Subsystem is null && descriptor.Subsystem is null)
        {
            mistakes.Add($"column '{column.Column}' has no subsystem, and the descriptor names none for all");
        }

        if (column.Lowest > column.Highest)
        {
            mistakes.Add($"column '{column.Column}': lowest is above highest");
        }

        if (column.Decimals is < 0 or > 10)
        {
            mistakes.Add($"column '{column.Column}': decimals must be from 0 to 10");
        }
    }

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_-]*(\.[a-zA-Z0-9_-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SensorId();
}
