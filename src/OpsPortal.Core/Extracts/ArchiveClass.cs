namespace OpsPortal.Core.Extracts;

/// <summary>The storage classes whose files must be brought back before they can be had.</summary>
public static class ArchiveClass
{
    /// <summary>As S3 names them. Intelligent-Tiering's own archives are in none: only the file itself tells.</summary>
    public static IReadOnlyList<string> All { get; } = ["GLACIER", "DEEP_ARCHIVE"];

    /// <summary>Whether files of a class lie in an archive.</summary>
    public static bool Includes(string storageClass) => All.Contains(storageClass);
}
