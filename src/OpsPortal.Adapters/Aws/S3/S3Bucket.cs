using System.Net;
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

    public S3Place Place => place;

    /// <summary>One page of the keys below a prefix, in order.</summary>
    /// <param name="next">Of the page before.</param>
    public Task<S3Listing> ListAsync(string prefix, string? startAfter, string? delimiter, string? next, int limit, CancellationToken cancellationToken) =>
        AskAsync(
            async s3 =>
            {
                var request = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = prefix, StartAfter = startAfter, Delimiter = delimiter, ContinuationToken = next, MaxKeys = limit };
                var page = await s3.ListObjectsV2Async(request, cancellationToken);
                return new S3Listing(
                    [.. (page.S3Objects ?? []).Select(found => new S3Entry(found.Key, found.Size ?? 0, found.StorageClass?.Value ?? "STANDARD"))],
                    page.CommonPrefixes ?? [],
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

    /// <summary>The checksum that S3 itself keeps; null when it has none.</summary>
    public Task<GetObjectAttributesResponse?> GetAttributesAsync(string key, CancellationToken cancellationToken) =>
        OrNullAsync(
            s3 => s3.GetObjectAttributesAsync(
                new GetObjectAttributesRequest { BucketName = place.Bucket, Key = key, ObjectAttributes = [ObjectAttributes.Checksum, ObjectAttributes.ETag, ObjectAttributes.StorageClass] },
                cancellationToken),
            cancellationToken);

    public Task PutAsync(PutObjectRequest request, CancellationToken cancellationToken)
    {
        request.BucketName = place.Bucket;
        return AskAsync(s3 => s3.PutObjectAsync(request, cancellationToken), cancellationToken);
    }

    public Task RestoreAsync(RestoreObjectRequest request, CancellationToken cancellationToken)
    {
        request.BucketName = place.Bucket;
        return AskAsync(s3 => s3.RestoreObjectAsync(request, cancellationToken), cancellationToken);
    }

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
        catch (AmazonServiceException e) when ((int)e.StatusCode is >= 400 and < 500 and not 429)
        {
            throw new S3RefusedException(e.StatusCode, e.ErrorCode ?? "", e.Message, e);
        }
        catch (Exception e) when (Inner<NoCredentialsException>(e) is { } none)
        {
            throw new StoreUnavailableException(Store, none.Message, e);
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
