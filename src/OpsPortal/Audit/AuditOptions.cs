using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Audit;

/// <summary>How the audit is sealed. Section <c>Audit</c>.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>
    /// PEM file with the key that signs heads (ECDSA or RSA), and behind it former ones, whole or their public halves. Default: made at the
    /// first start as <c>audit-key.pem</c> in Data:Folder, for its owner only.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// Where signed heads are kept, each in a file that is written once: put it on another host or in S3 with Object Lock. Default:
    /// <c>audit-heads</c> in Data:Folder.
    /// </summary>
    public string? HeadsFolder { get; init; }

    /// <summary>A copy of the newest head, best in a third place: shows when the newest heads were removed. Default: <c>witness.json</c> in HeadsFolder.</summary>
    public string? WitnessFile { get; init; }

    /// <summary>What is new is signed so often, besides at the end of the day (UTC) and at stop. Default 5 minutes, 1 second to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HeadEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Views of the same sensor's readings by the same user within this time are one row. Default 10 minutes, 0 (each is one) to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ViewsWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The heads' place.</summary>
    public string HeadsIn(IConfiguration configuration) => string.IsNullOrEmpty(HeadsFolder) ? Path.Combine(DataFolder(configuration), "audit-heads") : HeadsFolder;

    /// <summary>The key's place where none is given.</summary>
    public static string OwnKeyIn(IConfiguration configuration) => Path.Combine(DataFolder(configuration), "audit-key.pem");

    private static string DataFolder(IConfiguration configuration) => Path.GetFullPath(configuration["Data:Folder"] ?? "data");
}
