using Amazon.S3;
using Amazon.S3.Model;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>The checksum of an object that this product did not write: S3's own.</summary>
internal static class ObjectChecksum
{
    /// <summary>The strongest that S3 says; null when it says none.</summary>
    public static RawChecksum? Of(GetObjectAttributesResponse attributes)
    {
        var said = attributes.Checksum;
        (string Algorithm, string? Value)[] all =
        [
            (RawChecksum.Sha256, said?.ChecksumSHA256), ("SHA-1", said?.ChecksumSHA1), ("CRC64NVME", said?.ChecksumCRC64NVME), ("CRC32C", said?.ChecksumCRC32C), ("CRC32", said?.ChecksumCRC32),
        ];
        var strongest = all.FirstOrDefault(checksum => checksum.Value is not null);
        return strongest.Value is { } value && Hex(value) is { } hex
            ? new RawChecksum(strongest.Algorithm, hex, said!.ChecksumType == ChecksumType.COMPOSITE)
            : null;
    }

    /// <summary>The ETag, where it is the MD5 of the bytes: not for parts, not under a key of KMS.</summary>
    public static RawChecksum? OfTag(GetObjectMetadataResponse head)
    {
        var tag = head.ETag?.Trim('"') ?? "";
        return tag.Length == 32 && tag.All(char.IsAsciiHexDigitLower) && !ObjectState.IsKeyed(head) ? new RawChecksum("MD5", tag) : null;
    }

    // S3 says them in base 64; of parts with their number behind.
    private static string? Hex(string base64)
    {
        var bytes = new byte[64];
        return Convert.TryFromBase64String(base64.Split('-')[0], bytes, out var length) ? Convert.ToHexStringLower(bytes.AsSpan(0, length)) : null;
    }
}
