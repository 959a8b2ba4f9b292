namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>One row as it is in the file.</summary>
/// <param name="MeasuredAt">Its time, UTC; null when it has none that can be read.</param>
/// <param name="Fields">Its fields; null when their number is wrong.</param>
/// <param name="FieldCount">How many there are.</param>
internal readonly record struct RecordedRow(DateTimeOffset? MeasuredAt, string[]? Fields, int FieldCount);

/// <summary>The rows of a recording in the order they are played: one at a time; put in order where they are nearly so already; or, when the file is not in the order of time at all, all in memory and sorted.</summary>
internal static class RecordedRows
{
    /// <summary>So many rows are held in memory at most. A longer file that is not in the order of time must be sorted beforehand, or be nearly in order.</summary>
    public const int MostUnsorted = 300_000;

    /// <summary>A recording has at most this many rows.</summary>
    public const long Most = 200_000_000;

    /// <exception cref="InvalidDataException">There are too many rows, or the file cannot be read to its end.</exception>
    public static IEnumerable<RecordedRow> Read(RecordingFile file) => file.Descriptor switch
    {
        { Sorted: false } => ReadSorted(file),
        { DisorderSeconds: { } seconds } => ReadNearlyInOrder(file, TimeSpan.FromSeconds(seconds)),
        _ => ReadInOrder(file),
    };

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

    // A row waits until one is read that is later by more than the disorder can be. Rows without a time are set aside at once.
    private static IEnumerable<RecordedRow> ReadNearlyInOrder(RecordingFile file, TimeSpan disorder)
    {
        var waiting = new PriorityQueue<RecordedRow, (DateTimeOffset At, long Number)>();
        var (newest, number) = (DateTimeOffset.MinValue, 0L);
        foreach (var row in ReadInOrder(file))
        {
            if (row.MeasuredAt is not { } at)
            {
                yield return row;
                continue;
            }

            newest = at > newest ? at : newest;
            waiting.Enqueue(row, (at, number++));
            while (waiting.Count > MostUnsorted || newest - waiting.Peek().MeasuredAt > disorder)
            {
                yield return waiting.Dequeue();
            }
        }

        while (waiting.TryDequeue(out var rest, out _))
        {
            yield return rest;
        }
    }

    // Sorting is stable: rows of one instant stay as they were. Rows without a time come first and are set aside.
    private static IEnumerable<RecordedRow> ReadSorted(RecordingFile file)
    {
        var rows = ReadInOrder(file).Take(MostUnsorted + 1).ToList();
        return rows.Count <= MostUnsorted
            ? rows.OrderBy(row => row.MeasuredAt ?? DateTimeOffset.MinValue)
            : throw new InvalidDataException($"has more than {MostUnsorted} rows and is not in the order of time ('sorted' is false); sort it by time first, or, where it is nearly in order, say disorderSeconds");
    }
}
