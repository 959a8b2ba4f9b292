using System.Text.Json;
using OpsPortal.Api;
using OpsPortal.Core.Health;

namespace OpsPortal.Extracts.Merged;

/// <summary>Merged downloads on disk, a folder each, in <c>Data:Folder/merged</c>: they outlive the process. Only one process at a time has them.</summary>
internal sealed class MergedShelf(IConfiguration configuration, ILogger<MergedShelf> logger) : IDisposable
{
    private const string Store = "merged download";
    private const string JobFile = "job.json";

    private readonly string _folder = Path.GetFullPath(Path.Combine(configuration["Data:Folder"] ?? "data", "merged"));
    private FileStream? _lock;

    /// <summary>Takes the shelf; the lock goes with the process, however it ends. False when another has it.</summary>
    public bool TryTake()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            _lock ??= new FileStream(Path.Combine(_folder, "merged.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.ShelfNotTaken(_folder, e.Message);
            return false;
        }
    }

    /// <summary>All that are kept, oldest first. What cannot be read is told and left where it is.</summary>
    public IReadOnlyList<MergedJob> ReadAll() =>
        [.. Directory.EnumerateDirectories(_folder).Select(TryRead).OfType<MergedJob>().OrderBy(job => job.Ask.AskedAt)];

    /// <summary>A new one, with its folder.</summary>
    public MergedJob Begin(MergedAsk ask)
    {
        var job = new MergedJob(ask, MergedProgress.Begin, Path.Combine(_folder, ask.Id));
        Keep(job);
        return job;
    }

    /// <summary>Keeps what was asked and how it is: whole, or as it was before.</summary>
    /// <exception cref="StoreUnavailableException">The disk does not take it.</exception>
    public static void Keep(MergedJob job)
    {
        try
        {
            Directory.CreateDirectory(job.Folder);
            var path = Path.Combine(job.Folder, JobFile);
            using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, new Kept(job.Ask, job.Progress), WireJson.Options);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(Store, $"the portal's disk does not take it ({e.Message.TrimEnd('.')}). An administrator can make room.", e);
        }
    }

    /// <summary>The same where nobody waits for it: what cannot be kept is told in the log, and done again after a restart.</summary>
    public void TryKeep(MergedJob job)
    {
        try
        {
            Keep(job);
        }
        catch (StoreUnavailableException e)
        {
            logger.MergedNotKept(job.Ask.Id, e);
        }
    }

    /// <summary>Takes the file away and leaves the word that there was one.</summary>
    public void RemoveRows(MergedJob job) => TryRemove(job, () =>
    {
        foreach (var file in Directory.EnumerateFiles(job.Folder).Where(file => Path.GetFileName(file) != JobFile))
        {
            File.Delete(file);
        }
    });

    /// <summary>Takes all of it away; who is reading it reads on.</summary>
    public void Remove(MergedJob job) => TryRemove(job, () => Directory.Delete(job.Folder, recursive: true));

    public void Dispose() => _lock?.Dispose();

    private void TryRemove(MergedJob job, Action remove)
    {
        try
        {
            remove();
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.MergedStays(job.Ask.Id, e);
        }
    }

    private MergedJob? TryRead(string folder)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, JobFile));
            return JsonSerializer.Deserialize<Kept>(file, WireJson.Options) is { } kept ? new MergedJob(kept.Ask, kept.Progress, folder) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.MergedNotRead(folder, e);
            return null;
        }
    }

    private sealed record Kept(MergedAsk Ask, MergedProgress Progress);
}
