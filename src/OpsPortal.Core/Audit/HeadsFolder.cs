using System.Globalization;

namespace OpsPortal.Core.Audit;

/// <summary>
/// Heads outside the audit's store, each in a file of its own that is never written again (so the folder may be one that takes new files
/// only), and the witness: a copy of the newest head, which may be kept in a third place. Several processes may share the folder.
/// </summary>
public sealed class HeadsFolder(string folder, string? witnessFile = null)
{
    private const int PerFolder = 1_000;
    private const int LargestHead = 64 * 1024;

    private long _last;

    /// <summary>Where the heads are.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Where the witness is.</summary>
    public string WitnessFile { get; } = Path.GetFullPath(string.IsNullOrEmpty(witnessFile) ? Path.Combine(folder, "witness.json") : witnessFile);

    /// <summary>Number of the newest head; 0 when there is none.</summary>
    public long FindLast()
    {
        // A head that this process has seen is where to begin: a folder of years need not be listed each time.
        var last = File.Exists(FileOf(_last)) ? _last : FindHighest();
        while (File.Exists(FileOf(last + 1)))
        {
            last++;
        }

        return _last = last;
    }

    /// <summary>A head as it is in its file; null when the file is not there or holds something else.</summary>
    public AuditHead? Find(long number) => Read(FileOf(number)) is { } head && head.Number == number ? head : null;

    /// <summary>Whether the head's file is there, whatever is in it.</summary>
    public bool Holds(long number) => File.Exists(FileOf(number));

    /// <summary>The witness; null when there is none, or it cannot be read.</summary>
    public AuditHead? FindWitness() => Read(WitnessFile);

    /// <summary>Whether a witness is there, whatever is in it.</summary>
    public bool HoldsWitness => File.Exists(WitnessFile);

    /// <summary>Keeps a new head.</summary>
    /// <returns>False when another process has kept one of this number, or keeps one just now.</returns>
    public bool TryKeep(AuditHead head)
    {
        var file = FileOf(head.Number);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var alone = FindTurn();
        if (alone is null || File.Exists(file))
        {
            return false;
        }

        var draft = Draft(file, head);
        try
        {
            // A whole file under its name at once, or none: a kill leaves no half one.
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // By a process on another machine, where locks do not reach.
            File.Delete(draft);
            return false;
        }

        if (FindWitness() is not { } witness || witness.Number < head.Number)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(WitnessFile)!);
            File.Move(Draft(WitnessFile, head), WitnessFile, overwrite: true);
        }

        return true;
    }

    // On Unix a move looks for the name and then renames: of two at the same time the second would write over what the first has signed. The lock
    // goes with the process that holds it.
    private FileStream? FindTurn()
    {
        var file = Path.Combine(Folder, "signing.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }

    private static string Draft(string file, AuditHead head)
    {
        var draft = $"{file}.{Guid.NewGuid():N}.part";
        using var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write);
        stream.Write(head.ToBytes());
        stream.Flush(flushToDisk: true);
        return draft;
    }

    private long FindHighest()
    {
        if (!Directory.Exists(Folder))
        {
            return 0;
        }

        var highest = Directory.EnumerateDirectories(Folder).Select(NumberOf).DefaultIfEmpty(0).Max();
        var inside = Path.Combine(Folder, Text(highest));
        return Directory.Exists(inside) ? Directory.EnumerateFiles(inside, "*.json").Select(file => NumberOf(Path.ChangeExtension(file, null))).DefaultIfEmpty(0).Max() : 0;
    }

    private string FileOf(long number) => Path.Combine(Folder, Text(number / PerFolder), Text(number) + ".json");

    private static string Text(long number) => number.ToString("000000000", CultureInfo.InvariantCulture);

    private static long NumberOf(string path) => long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static AuditHead? Read(string file)
    {
        try
        {
            return new FileInfo(file).Length <= LargestHead ? AuditHead.Read(File.ReadAllBytes(file)) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
