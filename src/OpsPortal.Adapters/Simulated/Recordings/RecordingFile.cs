using System.IO.Enumeration;
using System.Reflection;
using System.Text.Json;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>A recording on disk and how to read it.</summary>
internal sealed record RecordingFile(string Path, RecordingDescriptor Descriptor)
{
    // So many rows are looked at to see whether the time can be read at all.
    private const int RowsTried = 1_000;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Stands for its trains: no two recordings may have the same.</summary>
    public string Key => RowText.ForFile(Descriptor.Train!.Id!, Path);

    /// <summary>The train when the recording is of one, otherwise null.</summary>
    public string? OneTrain => RowText.Names(Key).Any() ? null : TrainIds.Of(Key);

    /// <summary>Finds the recording and its descriptor, and checks the one against the other.</summary>
    /// <returns>The recording, or everything that is wrong with it.</returns>
    public static (RecordingFile? File, IReadOnlyList<string> Mistakes) Find(string path)
    {
        if (!File.Exists(path))
        {
            return (null, [$"there is no file {path}"]);
        }

        try
        {
            return FindDescriptor(path) is { } found ? Check(path, found.Name, found.Json) : (null, [SayWhatIsMissing(path)]);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return (null, [$"{System.IO.Path.GetFileName(path)}: {e.Message}"]);
        }
    }

    /// <summary>Whether what was thrown says that a file cannot be read, or is not what it should be.</summary>
    public static bool IsUnreadable(Exception exception) => exception is IOException or InvalidDataException or UnauthorizedAccessException;

    /// <exception cref="InvalidDataException">It is no table.</exception>
    public RecordedTable Open() => new(Path, Descriptor);

    public string[] ReadHeader()
    {
        using var table = Open();
        return table.Header;
    }

    private static (RecordingFile? File, IReadOnlyList<string> Mistakes) Check(string path, string name, Stream json)
    {
        using (json)
        {
            var (descriptor, mistakes) = ReadDescriptor(json);
            if (descriptor is null)
            {
                return (null, Named(name, mistakes));
            }

            var file = new RecordingFile(path, descriptor);
            mistakes = DescriptorCheck.Find(descriptor, file.ReadHeader());
            mistakes = mistakes.Count == 0 && file.FindNoTimes() is { } noTimes ? [noTimes] : mistakes;
            return mistakes.Count == 0 ? (file, []) : (null, Named(name, mistakes));
        }
    }

    private static (RecordingDescriptor? Descriptor, IReadOnlyList<string> Mistakes) ReadDescriptor(Stream json)
    {
        try
        {
            return RecordingDescriptor.Read(json);
        }
        catch (JsonException e)
        {
            return (null, [$"is no JSON: {e.Message}"]);
        }
    }

    private static IReadOnlyList<string> Named(string name, IReadOnlyList<string> mistakes) => [.. mistakes.Select(mistake => $"{name}: {mistake}")];

    // A format that fits no row would set everything aside; better said at the start.
    private string? FindNoTimes()
    {
        // Whether a time that can be read can also be is another question.
        var unbounded = this with { Descriptor = Descriptor with { Time = Descriptor.Time! with { NotBefore = null, NotAfter = null } } };
        var tried = RecordedRows.ReadInOrder(unbounded).Where(row => row.Fields is not null).Take(RowsTried).ToList();
        if (tried.Count == 0 || tried.Any(row => row.MeasuredAt is not null))
        {
            return null;
        }

        var (time, numbers) = (Descriptor.Time!, new Numbers(Descriptor.Decimal));
        var example = RowText.OfColumn(time.Column!, ReadHeader()).Fill(tried[0].Fields!);
        return $"time.format '{string.Join("', '", time.AllFormats)}' fits none of {tried.Count} rows, e.g. {SetAsideRows.Shown(example)}{numbers.Remedy(example)}";
    }

    private static string SayWhatIsMissing(string path)
    {
        var known = string.Join(", ", Shipped().Select(shipped => shipped.Files));
        return $"there is no descriptor for {System.IO.Path.GetFileName(path)}: put one beside it as {System.IO.Path.GetFileName(path)}.json (built in are those for {known})";
    }

    // Beside a gzip it may be named with or without that ending: the rows are the same.
    private static IEnumerable<string> Beside(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? [path + ".json", path[..^3] + ".json"] : [path + ".json"];

    private static (string Name, Stream Json)? FindDescriptor(string path)
    {
        if (Beside(path).FirstOrDefault(File.Exists) is { } beside)
        {
            return (System.IO.Path.GetFileName(beside), File.OpenRead(beside));
        }

        var whole = "/" + System.IO.Path.GetFullPath(path).Replace('\\', '/').TrimStart('/');
        return Shipped().Where(shipped => FileSystemName.MatchesSimpleExpression("*/" + shipped.Files, whole))
            .Select(shipped => ((string, Stream)?)($"{shipped.Resource} (built in)", Assembly.GetExecutingAssembly().GetManifestResourceStream(shipped.Resource)!))
            .FirstOrDefault();
    }

    private static IEnumerable<(string Resource, string Files)> Shipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(resource => resource.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            if (RecordingDescriptor.Read(stream).Descriptor?.Files is { } files)
            {
                yield return (resource, files);
            }
        }
    }
}
