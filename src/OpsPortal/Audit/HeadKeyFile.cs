using Microsoft.Extensions.Options;
using OpsPortal.Core.Audit;

namespace OpsPortal.Audit;

/// <summary>The file with the key that signs heads: the one given, or one of our own, made when it is first needed.</summary>
internal sealed class HeadKeyFile(IConfiguration configuration, IOptions<AuditOptions> options)
{
    /// <summary>Where it is.</summary>
    public string Path => string.IsNullOrEmpty(options.Value.KeyFile) ? AuditOptions.OwnKeyIn(configuration) : options.Value.KeyFile;

    /// <summary>The keys.</summary>
    /// <param name="makes">Whether one is made where there is none and none is given.</param>
    /// <exception cref="FormatException">The file holds none.</exception>
    public HeadKeys Read(bool makes)
    {
        if (makes && string.IsNullOrEmpty(options.Value.KeyFile) && !File.Exists(Path))
        {
            Make();
        }

        return HeadKeys.Read(File.ReadAllText(Path));
    }

    private void Make()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
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
            // Another process on the same folder was quicker: its key is everybody's.
            File.Delete(draft);
        }
    }
}
