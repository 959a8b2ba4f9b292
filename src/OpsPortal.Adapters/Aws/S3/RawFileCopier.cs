using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>
/// Copies one closed file to the bucket under the same key, then what the catalogue says of it. Done again it changes nothing; a key that
/// holds other bytes is left alone. The file counts as copied when the bucket itself says that it holds these bytes.
/// </summary>
internal sealed class RawFileCopier(S3Buckets buckets, RawCopies copies, IOptions<S3Options> options, TimeProvider time)
{
    private readonly S3Bucket _bucket = buckets.Home;

    /// <summary>Name of the bucket among the places that hold copies.</summary>
    public string PlaceName => $"s3://{_bucket.Place.Bucket}/{_bucket.Place.Prefix}";

    /// <exception cref="OtherFileException">The file here, or the object there, is not the one that is catalogued.</exception>
    public async Task CopyAsync(ClosedRawFile file, CancellationToken cancellationToken)
    {
        var key = _bucket.Place.Prefix + file.File.Key;
        if (!await IsThereAsync(key, file, cancellationToken))
        {
            await PutAsync(key, file, cancellationToken);
            if (!await IsThereAsync(key, file, cancellationToken))
            {
                throw new S3AwayException($"{file.File.Key} was taken by the bucket and is not there.", null);
            }
        }

        var document = CatalogueDocument.Of(file.File, await copies.FindTrainsAsync(file, cancellationToken));
        using var bytes = new MemoryStream(document.Write());
        await _bucket.PutAsync(Encrypted(new PutObjectRequest { Key = CatalogueDocument.KeyOf(_bucket.Place.Prefix, file.File.Key), InputStream = bytes, ContentType = CatalogueDocument.ContentType }), cancellationToken);
        await copies.NoteCopyAsync(file, PlaceName, time.GetUtcNow(), cancellationToken);
    }

    private async Task<bool> IsThereAsync(string key, ClosedRawFile file, CancellationToken cancellationToken)
    {
        if (await _bucket.HeadAsync(key, cancellationToken) is not { } head)
        {
            return false;
        }

        var said = head.Metadata[CatalogueDocument.Sha256Metadata];
        return said == file.Sha256 && head.ContentLength == file.File.Bytes
            ? true
            : throw new OtherFileException($"the object has {head.ContentLength} bytes and SHA-256 {said ?? "unknown"}, the file {file.File.Bytes} and {file.Sha256}.");
    }

    private async Task PutAsync(string key, ClosedRawFile file, CancellationToken cancellationToken)
    {
        await using var stream = Open(file);
        var hash = await SHA256.HashDataAsync(stream, cancellationToken);
        if (Convert.ToHexStringLower(hash) != file.Sha256)
        {
            throw new OtherFileException("the file on disk is not the one that was closed: its SHA-256 is another than catalogued. Restore it from a copy.");
        }

        stream.Position = 0;
        if (file.File.Bytes > options.Value.PartBytes)
        {
            await _bucket.PutPartsAsync(Parts(key, file), stream, options.Value.PartBytes, cancellationToken);
            return;
        }

        var request = new PutObjectRequest
        {
            Key = key,
            InputStream = stream,
            AutoCloseStream = false,
            ContentType = Attachment.RawFileType,
            // S3 checks it against what it received, and keeps it.
            ChecksumSHA256 = Convert.ToBase64String(hash),
        };
        request.Metadata[CatalogueDocument.Sha256Metadata] = file.Sha256;
        await _bucket.PutAsync(Encrypted(request), cancellationToken);
    }

    private InitiateMultipartUploadRequest Parts(string key, ClosedRawFile file)
    {
        var request = new InitiateMultipartUploadRequest { Key = key, ContentType = Attachment.RawFileType };
        request.Metadata[CatalogueDocument.Sha256Metadata] = file.Sha256;
        if (options.Value.KmsKeyId is { } kms)
        {
            (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, kms);
        }

        return request;
    }

    private FileStream Open(ClosedRawFile file)
    {
        try
        {
            return new FileStream(copies.PathOf(file), FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OtherFileException("the file on disk is not there any more: it was moved or deleted from outside. Restore it from a copy.");
        }
    }

    private PutObjectRequest Encrypted(PutObjectRequest request)
    {
        request.UseChunkEncoding = false;
        if (options.Value.KmsKeyId is { } key)
        {
            (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, key);
        }

        return request;
    }
}

/// <summary>What is there is not what is catalogued: nothing is written over, and the others go on.</summary>
internal sealed class OtherFileException(string message) : Exception(message);
