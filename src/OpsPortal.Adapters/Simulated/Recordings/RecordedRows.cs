namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>One row as it is in the file.</summary>
/// <param name="MeasuredAt">Its time, UTC; null when it has none that can be read.</param>
/// <param name="Fields">Its fields; null when their number is wrong.</param>
/// <param name="FieldCount">How many there are.</param>
internal readonly record struct RecordedRow(DateTimeOffset? MeasuredAt, string[]? Fields, int FieldCount);

/// <summary>The rows of a recording in the order they are played: one at a time, or, when the file is not in the order of time, all in memory and sorted.</summary>
internal static class RecordedRows
{
    /// <summary>A file that is not in the order of time may have this many rows: they are held in memory. A longer one must be sorted beforehand.</summary>
    public const int MostUnsorted = 300_000;

    /// <summary>A recording has at most this many rows.</summary>
    public const long Most = 200_000_000;

    /// <exception cref="InvalidDataException">There are too many rows, or the file cannot be read to its end.</exception>
    public static IEnumerable<RecordedRow> Read(RecordingFile file) => file.Descriptor.Sorted ?? true ? ReadInOrder(file) : ReadSorted(file);

    /// <summary>The rows as they lie in the file.</summary>
    public static IEnumerable<RecordedRow> ReadInOrder(RecordingFile file)
    {
        using var table = file.Open();
        var time = new RowTime(file.Descriptor.Time!, table.Header, new Numbers(file.Descriptor.Decimal));
        for (var row = 1L; table.Read(); row++)
        {
            if (row > Most)
            {
                throw new InvalidDataException($"has more than {Most} rows; split it");
            }

            var fields = table.Fields();
            yield return new RecordedRow(fields is null ? null : time.Read(fields), fields, table.FieldCount);
        }
    }

    // Sorting is stable: rows of one instant stay as they were. Rows without a time come first and are set aside.
    private static IEnumerable<RecordedRow> ReadSorted(RecordingFile file)
    {
        var rows = ReadInOrder(file).Take(MostUnsorted + 1).ToList();
        return rows.Count <= MostUnsorted
            ? rows.OrderBy(row => row.MeasuredAt ?? DateTimeOffset.MinValue)
            : throw new InvalidDataException($"has more than {MostUnsorted} rows and is not in the order of time ('sorted' is false); sort it by time first");
    }
}
