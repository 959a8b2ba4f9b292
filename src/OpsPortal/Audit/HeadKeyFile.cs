using Microsoft.Extensions.Options;
using OpsPortal.Core.Audit;

namespace OpsPortal.Audit;

/// <summary>The file with the key that signs heads: the one given, or one of our own, made when it is first needed.</summary>
internal sealed class HeadKeyFile(IConfiguration configuration, IOptions<AuditOptions> options)
{
    private const int MostTries = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Where it is.</summary>
    public string Path => string.IsNullOrEmpty(options.Value.KeyFile) ? AuditOptions.OwnKeyIn(configuration) : options.Value.KeyFile;

    /// <summary>The keys.</summary>
    /// <param name="makes">Whether one is made where there is none and none is given.</param>
    /// <exception cref="FormatException">The file holds none.</exception>
    public HeadKeys Read(bool makes)
    {
        if (makes && string.IsNullOrEmpty(options.Value.KeyFile) && !File.Exists(Path))
        {
            MakeOnce();
        }

        return HeadKeys.Read(File.ReadAllText(Path));
    }

    // On Unix a move looks for the name and then renames: of processes that start together the last would put its key in place of the one that the
    // others sign with already. The lock goes with the process that holds it.
    private void MakeOnce()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        for (var tried = 1; !File.Exists(Path); tried++)
        {
            try
            {
                using var alone = new FileStream($"{Path}.lock", FileMode.OpenOrCreate, FileAccess.Read, FileShare.None);
                if (!File.Exists(Path))
                {
                    Make();
                }
            }
            catch (IOException) when (tried < MostTries && File.Exists($"{Path}.lock"))
            {
                // Another process makes it just now.
                SpinWait.SpinUntil(() => File.Exists(Path), Pause);
            }
        }
    }

    private void Make()
    {
        var draft = $"{Path}.{Guid.NewGuid():N}.part";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, how))
        {
            writer.Write(HeadKeys.New());
        }

        try
        {
            File.Move(draft, Path, overwrite: false);
        }
        catch (IOException) when (File.Exists(Path))
        {
            // A process on another machine, where locks do not reach, was quicker: its key is everybody's.
            File.Delete(draft);
        }
    }
}
