using Amazon.S3.Model;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>What an object's HEAD, or the refusal to read it, says about whether it can be had.</summary>
internal static class ObjectState
{
    public static RawFileState Of(GetObjectMetadataResponse head)
    {
        var storageClass = ClassOf(head);
        if (!IsArchived(head))
        {
            return new RawFileState(RawFileAvailability.Available, storageClass);
        }

        return (head.RestoreInProgress, head.RestoreExpiration) switch
        {
            (true, _) => Restoring(storageClass),
            (_, { } until) => new RawFileState(RawFileAvailability.Available, storageClass, new DateTimeOffset(until.ToUniversalTime())),
            _ => Archived(storageClass),
        };
    }

    public static string ClassOf(GetObjectMetadataResponse head) => head.StorageClass?.Value ?? "STANDARD";

    /// <summary>Encrypted with a key of KMS, which may be denied although the object is not.</summary>
    public static bool IsKeyed(GetObjectMetadataResponse head) => head.ServerSideEncryptionMethod?.Value.StartsWith("aws:kms", StringComparison.Ordinal) == true;

    /// <summary>Of Intelligent-Tiering's own archive: it comes back by itself, and for good.</summary>
    public static bool IsTiered(GetObjectMetadataResponse head) => head.ArchiveStatus is not null;

    public static RawFileState Restoring(string storageClass) =>
        new(RawFileAvailability.Restoring, storageClass, Reason: "It is being brought back from the archive; S3 does not say until when. From Glacier it takes 3 to 12 hours, from Deep Archive 12 to 48.");

    public static RawFileState Archived(string storageClass) =>
        new(RawFileAvailability.Archived, storageClass, Reason: $"It lies in the archive ({storageClass}); ask for it to be restored.");

    public static RawFileState Gone() =>
        new(RawFileAvailability.Gone, "", Reason: "The catalogue knows this file; the bucket does not have it any more. Where the bucket keeps versions, an administrator can bring it back.");

    public static RawFileState Denied(S3RefusedException refused, string storageClass) => refused switch
    {
        { Code: "InvalidObjectState" } => Archived(storageClass),
        { IsKeyDenied: true } => new(RawFileAvailability.Denied, storageClass, Reason: $"The file is encrypted, and KMS does not let the portal use its key ({refused.Code}). An administrator must grant the portal's role kms:Decrypt on it, or enable the key."),
        { Code: "RequestTimeTooSkewed" } => new(RawFileAvailability.Denied, storageClass, Reason: "S3 refuses every request because this machine's clock is more than 15 minutes off. An administrator must set the clock."),
        _ => new(RawFileAvailability.Denied, storageClass, Reason: $"S3 does not let the portal read the file ({(int)refused.Status} {refused.Code}). An administrator must grant the portal's role s3:GetObject on it."),
    };

    private static bool IsArchived(GetObjectMetadataResponse head) => ArchiveClass.Includes(ClassOf(head)) || IsTiered(head);
}
