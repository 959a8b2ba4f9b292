using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>What a listing says of an object.</summary>
internal sealed record S3Entry(string Key, long Bytes, string StorageClass);

/// <summary>One page of a listing.</summary>
/// <param name="Folders">Common prefixes, where a delimiter was given.</param>
internal sealed record S3Listing(IReadOnlyList<S3Entry> Objects, IReadOnlyList<string> Folders, string? Next);

/// <summary>A bucket, call by call: what it answers, in this product's words. Keys are with the prefix.</summary>
internal sealed class S3Bucket(S3Place place, S3Client client)
{
    private const string Store = "raw file";

    private volatile bool _tellsAttributes = true;

    public S3Place Place => place;

    /// <summary>One page of the keys below a prefix, in order.</summary>
    /// <param name="next">Of the page before.</param>
    public Task<S3Listing> ListAsync(string prefix, string? startAfter, string? delimiter, string? next, int limit, CancellationToken cancellationToken) =>
        AskAsync(
            async s3 =>
            {
                var request = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = prefix, StartAfter = startAfter, Delimiter = delimiter, ContinuationToken = next, MaxKeys = limit, Encoding = EncodingType.Url };
                var page = await s3.ListObjectsV2Async(request, cancellationToken);
                return new S3Listing(
                    [.. (page.S3Objects ?? []).Select(found => new S3Entry(Name(page, prefix, found.Key), found.Size ?? 0, found.StorageClass?.Value ?? "STANDARD"))],
                    [.. (page.CommonPrefixes ?? []).Select(folder => Name(page, prefix, folder))],
                    page.IsTruncated == true ? page.NextContinuationToken : null);
            },
            cancellationToken);

    /// <summary>An object's size, class and metadata; null when it is not there.</summary>
    /// <exception cref="S3RefusedException">It may not be looked at; says why.</exception>
    public async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await HeadOnceAsync(key, cancellationToken);
        }
        catch (S3RefusedException)
        {
            // The answer to a HEAD has no words. A read is refused for the same reason and says it; where it was the keys or the clock, it has mended them.
            await TryReadAsync(key, cancellationToken);
            return await HeadOnceAsync(key, cancellationToken);
        }
    }

    /// <summary>Reads its first byte: shows whether it can be read at all, and if not, why, which a HEAD cannot say.</summary>
    /// <exception cref="S3RefusedException">It cannot.</exception>
    public async Task TryReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            _ = await AskAsync(
                async s3 =>
                {
                    using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = place.Bucket, Key = key, ByteRange = new ByteRange(0, 0) }, cancellationToken);
                    return true;
                },
                cancellationToken);
        }
        catch (S3RefusedException e) when (e.Status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotFound)
        {
            // An empty object has no first byte; one that is not there is for the HEAD to say.
        }
    }

    /// <summary>A small object whole; null when it is not there.</summary>
    public Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) =>
        OrNullAsync<byte[]>(
            async s3 =>
            {
                using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = place.Bucket, Key = key }, cancellationToken);
                using var bytes = new MemoryStream();
                await response.ResponseStream.CopyToAsync(bytes, cancellationToken);
                return bytes.ToArray();
            },
            cancellationToken);

    /// <summary>A part of an object's bytes as they are kept, whatever encoding they are said to have; fewer than asked for at the end, none behind it.</summary>
    /// <exception cref="S3RefusedException">They cannot be read; says why.</exception>
    public async Task<byte[]> ReadPartAsync(string key, long from, int length, CancellationToken cancellationToken)
    {
        // Firehose says of its files that their encoding is gzip, and a client would undo it.
        var request = new GetObjectRequest { BucketName = place.Bucket, Key = key, ByteRange = new ByteRange(from, from + length - 1), ResponseHeaderOverrides = new ResponseHeaderOverrides { ContentEncoding = "identity" } };
        try
        {
            return await AskAsync(
                async s3 =>
                {
                    using var response = await s3.GetObjectAsync(request, cancellationToken);
                    using var bytes = new MemoryStream(length);
                    await response.ResponseStream.CopyToAsync(bytes, cancellationToken);
                    return bytes.ToArray();
                },
                cancellationToken);
        }
        catch (S3RefusedException e) when (e.Status == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return [];
        }
    }

    /// <summary>The checksum that S3 itself keeps; null when it has none, or the server does not know the request: one that has said so is not asked again.</summary>
    /// <exception cref="S3RefusedException">The role may not ask.</exception>
    public async Task<GetObjectAttributesResponse?> GetAttributesAsync(string key, CancellationToken cancellationToken)
    {
        if (!_tellsAttributes)
        {
            return null;
        }

        try
        {
            return await AskAttributesAsync(key, cancellationToken);
        }
        catch (S3RefusedException e) when (e is { Status: not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized), Code: not "NoSuchBucket" })
        {
            // Any other refusal may be of this object alone.
            _tellsAttributes = e.Status is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented);
            return null;
        }
        catch (S3AwayException e) when (e.InnerException is XmlException or AmazonUnmarshallingException)
        {
            // It has not looked at what was asked for, and has sent the object itself: Swift does.
            _tellsAttributes = false;
            return null;
        }
    }

    /// <summary>Sends a large object in parts: each has its own time limit and repetition, and no more than one is held in memory.</summary>
    /// <param name="bytes">From its place to its end.</param>
    public async Task PutPartsAsync(InitiateMultipartUploadRequest request, Stream bytes, int partBytes, CancellationToken cancellationToken)
    {
        request.BucketName = place.Bucket;
        var upload = (await AskAsync(s3 => s3.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken)).UploadId;
        try
        {
            var parts = await PutPartsAsync(request.Key, upload, bytes, partBytes, cancellationToken);
            var complete = new CompleteMultipartUploadRequest { BucketName = place.Bucket, Key = request.Key, UploadId = upload, PartETags = parts };
            await AskAsync(s3 => s3.CompleteMultipartUploadAsync(complete, cancellationToken), cancellationToken);
        }
        catch (Exception)
        {
            await TryAbortAsync(request.Key, upload);
            throw;
        }
    }

    public Task PutAsync(PutObjectRequest request, CancellationToken cancellationToken)
    {
        request.BucketName = place.Bucket;
        return AskAsync(s3 => s3.PutObjectAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>Removes an object; one that is not there is removed already.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(s3 => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = place.Bucket, Key = key }, cancellationToken), cancellationToken);

    public Task RestoreAsync(RestoreObjectRequest request, CancellationToken cancellationToken)
    {
        request.BucketName = place.Bucket;
        return AskAsync(s3 => s3.RestoreObjectAsync(request, cancellationToken), cancellationToken);
    }

    private async Task<List<PartETag>> PutPartsAsync(string key, string upload, Stream bytes, int partBytes, CancellationToken cancellationToken)
    {
        var (parts, buffer) = (new List<PartETag>(), new byte[partBytes]);
        while (await bytes.ReadAtLeastAsync(buffer, partBytes, throwOnEndOfStream: false, cancellationToken) is > 0 and var length)
        {
            using var part = new MemoryStream(buffer, 0, length, writable: false);
            var request = new UploadPartRequest { BucketName = place.Bucket, Key = key, UploadId = upload, PartNumber = parts.Count + 1, InputStream = part, PartSize = length, UseChunkEncoding = false };
            var taken = await AskAsync(s3 => s3.UploadPartAsync(request, cancellationToken), cancellationToken);
            parts.Add(new PartETag(parts.Count + 1, taken.ETag));
        }

        return parts;
    }

    // Parts of an upload that comes to nothing cost money and are seen by nobody. When this fails too, the bucket's own rule clears them away.
    private async Task TryAbortAsync(string key, string upload)
    {
        try
        {
            await AskAsync(s3 => s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = place.Bucket, Key = key, UploadId = upload }, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception e) when (e is S3AwayException or S3RefusedException or StoreUnavailableException)
        {
            // The failure that led here is the one to tell.
        }
    }

    private Task<GetObjectAttributesResponse?> AskAttributesAsync(string key, CancellationToken cancellationToken) =>
        OrNullAsync(
            s3 => s3.GetObjectAttributesAsync(
                new GetObjectAttributesRequest { BucketName = place.Bucket, Key = key, ObjectAttributes = [ObjectAttributes.Checksum, ObjectAttributes.ETag, ObjectAttributes.StorageClass] },
                cancellationToken),
            cancellationToken);

    private Task<GetObjectMetadataResponse?> HeadOnceAsync(string key, CancellationToken cancellationToken) =>
        OrNullAsync(s3 => s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = place.Bucket, Key = key }, cancellationToken), cancellationToken);

    private async Task<T?> OrNullAsync<T>(Func<IAmazonS3, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await AskAsync(call, cancellationToken);
        }
        catch (S3RefusedException e) when (e is { Status: HttpStatusCode.NotFound } and not { Code: "NoSuchBucket" })
        {
            return null;
        }
    }

    private async Task<T> AskAsync<T>(Func<IAmazonS3, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await client.RunAsync(call, cancellationToken);
        }
        catch (AmazonServiceException e) when ((int)e.StatusCode is (>= 400 and < 500 and not 429) or 501)
        {
            throw new S3RefusedException(e.StatusCode, e.ErrorCode ?? "", e.Message, e);
        }
        catch (Exception e) when (Inner<NoCredentialsException>(e) is { } none)
        {
            throw new StoreUnavailableException(Store, none.Message, e);
        }
        catch (Exception e) when (e is XmlException or AmazonUnmarshallingException)
        {
            throw new S3AwayException($"{place.Name} answers what S3 would not: {e.Message}", e);
        }
        catch (AmazonServiceException e) when (e.StatusCode != 0)
        {
            throw new S3AwayException($"{place.Name} answers {(int)e.StatusCode} {e.ErrorCode}: {e.Message}", e);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException)
        {
            throw new S3AwayException($"{place.Name} cannot be reached: {e.GetBaseException().Message}", e);
        }
    }

    // Names are asked for encoded: XML cannot hold all of them, and one of those would hide all others.
    // A server that says they are encoded and has not done it is found out by what they must begin with.
    private static string Name(ListObjectsV2Response page, string prefix, string said)
    {
        if (page.Encoding != EncodingType.Url)
        {
            return said;
        }

        var name = Uri.UnescapeDataString(said.Replace('+', ' '));
        return !name.StartsWith(prefix, StringComparison.Ordinal) && said.StartsWith(prefix, StringComparison.Ordinal) ? said : name;
    }

    private static T? Inner<T>(Exception? e)
        where T : Exception
    {
        while (e is not null and not T)
        {
            e = e.InnerException;
        }

        return e as T;
    }
}
