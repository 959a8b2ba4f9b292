namespace OpsPortal.Tests.Kit;

/// <summary>
/// The recorded-data tier: tests on real recordings that are not part of this repository (../shared/data beside it).
/// Where the folder is absent they are skipped and counted as skipped; with REQUIRE_RECORDED_DATA=1 its absence fails them.
/// </summary>
public static class RecordedData
{
    /// <summary>Folder of the recordings, whether or not it is there.</summary>
    public static string Folder { get; } = Find();

    /// <summary>True when the recordings are there.</summary>
    public static bool IsThere => Directory.Exists(Folder);

    /// <summary>True when their absence is a failure.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("REQUIRE_RECORDED_DATA") == "1";

    /// <summary>Path of one recording.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "OpsPortal.sln")))
            {
                return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "data"));
            }
        }

        return "shared/data";
    }
}

/// <summary>A test of the recorded-data tier.</summary>
public sealed class RecordedDataFactAttribute : FactAttribute
{
    public RecordedDataFactAttribute()
    {
        if (!RecordedData.IsThere && !RecordedData.IsRequired)
        {
            Skip = $"recorded data is not there: {RecordedData.Folder}";
        }
    }
}
