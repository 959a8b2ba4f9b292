using OpsPortal.Tests.Kit;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>
/// Another program that holds a store, the operations' where none is named: nobody reads or writes it until it is let go. Taken on the locks of
/// SQLite's shared index (bytes 120 to 127 of its file), as any SQLite program would take them.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const long FirstLock = 120;
    private const long Locks = 8;

    private readonly FileStream _index;

    private StoreLock(FileStream index) => _index = index;

    public static async Task<StoreLock> TakeAsync(RunningProduct product, string file = "operations.db")
    {
        var index = new FileStream(Path.Combine(product.DataFolder, file + "-shm"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        for (var lockAt = FirstLock; lockAt < FirstLock + Locks; lockAt++)
        {
            await Eventually.IsTrueAsync("the store can be locked", TimeSpan.FromSeconds(60), () => Task.FromResult(TryLock(index, lockAt)));
        }

        return new StoreLock(index);
    }

    public void Dispose() => _index.Dispose();

    private static bool TryLock(FileStream index, long at)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Locks on ranges of a file are tried on Linux only.");
        }

        try
        {
            index.Lock(at, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
