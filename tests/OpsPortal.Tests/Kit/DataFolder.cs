using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded;

namespace OpsPortal.Tests.Kit;

/// <summary>A data folder of one test, and the embedded files of any number of "processes" over it. Deleted at the end.</summary>
/// <param name="deletes">False for a folder that belongs to somebody else.</param>
internal sealed class DataFolder(string? path = null, bool deletes = true) : IDisposable
{
    private readonly List<EmbeddedFiles> _opened = [];

    public DataOptions Options { get; } = new()
    {
        Folder = path ?? System.IO.Path.Combine(System.IO.Path.GetTempPath(), "opsportal-tests", Guid.NewGuid().ToString("N")),
        PollInterval = TimeSpan.FromMilliseconds(20),
    };

    public string Path => Options.Folder;

    /// <summary>Opens the files as one process would.</summary>
    public EmbeddedFiles Open(TimeProvider? time = null)
    {
        var files = new EmbeddedFiles(Microsoft.Extensions.Options.Options.Create(Options), time ?? TimeProvider.System, NullLogger<EmbeddedFiles>.Instance);
        _opened.Add(files);
        return files;
    }

    public IOptions<DataOptions> AsOptions() => Microsoft.Extensions.Options.Options.Create(Options);

    public void Dispose()
    {
        foreach (var files in _opened)
        {
            files.Dispose();
        }

        if (deletes && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
