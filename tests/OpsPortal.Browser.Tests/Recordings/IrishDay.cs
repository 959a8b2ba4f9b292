using System.Globalization;
using System.IO.Compression;

namespace OpsPortal.Browser.Tests.Recordings;

/// <summary>What the file says of each train, read apart from the product.</summary>
internal sealed class IrishDay
{
    // As the product's descriptor has it: a train without a row for this long is gone.
    private static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, List<(DateTimeOffset At, bool Runs)>> _rows = [];

    public static IrishDay Read(string path)
    {
        var day = new IrishDay();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            // Time, train and status come before any text that could hold a comma.
            var fields = line.Split(',');
            var id = "irish-" + fields[1];
            if (!day._rows.TryGetValue(id, out var rows))
            {
                day._rows[id] = rows = [];
            }

            rows.Add((DateTimeOffset.Parse(fields[0], CultureInfo.InvariantCulture), fields[3] == "R"));
        }

        return day;
    }

    /// <summary>Trains that run at every moment between the two.</summary>
    public HashSet<string> RunningThroughout(DateTimeOffset from, DateTimeOffset to) => [.. _rows.Keys.Where(train => Minutes(from, to).All(at => RunsAt(train, at)))];

    /// <summary>Trains that run at some moment between the two.</summary>
    public HashSet<string> RunningEver(DateTimeOffset from, DateTimeOffset to) => [.. _rows.Keys.Where(train => Minutes(from, to).Any(at => RunsAt(train, at)))];

    private static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset from, DateTimeOffset to)
    {
        for (var at = from; at <= to; at += TimeSpan.FromSeconds(30))
        {
            yield return at;
        }
    }

    private bool RunsAt(string train, DateTimeOffset at) =>
        _rows[train].LastOrDefault(row => row.At <= at) is { Runs: true } last && at - last.At <= SilentAfter;
}
