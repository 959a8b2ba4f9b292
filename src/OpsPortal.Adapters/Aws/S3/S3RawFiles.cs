using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Raw files in S3.</summary>
internal sealed class S3RawFiles(S3Buckets buckets, S3Catalogue catalogue, S3Links links, S3Health health, IOptions<S3Options> options) : IRawFiles
{
    private const string Store = "raw file";

    private readonly S3Options _options = options.Value;

    public async Task<RawFilePage> FindAsync(Scope scope, RawFileQuery query, CancellationToken cancellationToken)
    {
        var depots = RawFileScope.Depots(scope, query.Checked().Depots);
        if (depots is { Count: 0 })
        {
            return new RawFilePage([], null, null, 0);
        }

        try
        {
            var (page, replica) = await buckets.AskAsync((bucket, inner) => FindAsync(bucket, scope, query, depots, inner), cancellationToken);
            return page with { Replica = replica };
        }
        catch (S3RefusedException e)
        {
            health.NoteProblem(e.Message);
            throw new StoreUnavailableException(Store, $"{e.Message} The portal's role needs s3:ListBucket and s3:GetObject on the bucket.", e);
        }
    }

    public async Task<RawFile?> GetAsync(Scope scope, string key, CancellationToken cancellationToken) =>
        Inside(scope, key) is { } parsed
            ? await WithWordsAsync(() => buckets.AskAsync((bucket, inner) => GetAsync(bucket, scope, parsed, inner), cancellationToken))
            : null;

    public async Task<RawFileState?> GetStateAsync(Scope scope, string key, CancellationToken cancellationToken)
    {
        if (Inside(scope, key) is not { } parsed)
        {
            return null;
        }

        var (state, replica) = await buckets.AskAsync((bucket, inner) => StateAsync(bucket, parsed, inner), cancellationToken);
        return state is null ? null : state with { Replica = replica };
    }

    public async Task<RawFileLink?> LinkAsync(Scope scope, string key, CancellationToken cancellationToken)
    {
        if (Inside(scope, key) is not { } parsed)
        {
            return null;
        }

        var (found, replica) = await buckets.AskAsync(async (bucket, inner) => (State: await StateAsync(bucket, parsed, inner), bucket.Place), cancellationToken);
        if (found.State is not { } state)
        {
            return null;
        }

        var way = state.Availability == RawFileAvailability.Available ? await links.MakeAsync(found.Place, parsed, state.Until, cancellationToken) : null;
        return new RawFileLink(state with { Replica = replica }, way, parsed.FileName, Attachment.RawFileType);
    }

    public async Task<RawFileBytes?> OpenAsync(Scope scope, string key, CancellationToken cancellationToken)
    {
        if (await GetStateAsync(scope, key, cancellationToken) is not { } state || Inside(scope, key) is not { } parsed)
        {
            return null;
        }

        return new RawFileBytes(state, state.Availability == RawFileAvailability.Available ? new S3Bytes(buckets, parsed) : null);
    }

    public async Task<RawFileState?> RequestRestoreAsync(Scope scope, string key, RestoreSpeed? speed, CancellationToken cancellationToken)
    {
        if (Inside(scope, key) is not { } parsed)
        {
            return null;
        }

        var (state, replica) = await buckets.AskAsync((bucket, inner) => RestoreAsync(bucket, parsed, speed ?? _options.RestoreSpeed, inner), cancellationToken);
        return state is null ? null : state with { Replica = replica };
    }

    // Neither what is no key nor what is outside leads to a request.
    private static RawFileKey? Inside(Scope scope, string key) =>
        RawFileKey.Parse(key) is { } parsed && RawFileScope.IncludesFolder(scope, parsed.Folder) ? parsed : null;

    private async Task<RawFilePage> FindAsync(S3Bucket bucket, Scope scope, RawFileQuery query, IReadOnlyCollection<string>? depots, CancellationToken cancellationToken)
    {
        var listing = new RawListing(bucket, query, depots);
        // One more than asked for tells whether there is more.
        var listed = await listing.ReadAsync(query.Limit + 1, cancellationToken);
        var page = listed.Take(query.Limit).ToList();
        var files = await Task.WhenAll(page.Select(file => DescribeAsync(bucket, scope, file, cancellationToken)));
        return new RawFilePage([.. files.Where(file => Holds(file, query.Trains))], listed.Count > page.Count ? page[^1].Key.ToString() : null, null, listing.LeftOut);
    }

    private static bool Holds(RawFile file, IReadOnlyCollection<string>? trains) =>
        trains is null || file.Content is not { } content || content.Trains.Any(train => trains.Contains(train.TrainId));

    private async Task<RawFile> DescribeAsync(S3Bucket bucket, Scope scope, ListedFile file, CancellationToken cancellationToken)
    {
        var document = await catalogue.FindAsync(bucket, file.Key, file.Entry.Bytes, cancellationToken);
        var checksum = document is null ? null : new RawChecksum(RawChecksum.Sha256, document.Sha256);
        return File(scope, file.Key, file.Entry.Bytes, checksum, document, file.Entry.StorageClass);
    }

    private async Task<RawFile?> GetAsync(S3Bucket bucket, Scope scope, RawFileKey key, CancellationToken cancellationToken)
    {
        var objectKey = bucket.Place.Prefix + key;
        if (await bucket.HeadAsync(objectKey, cancellationToken) is not { } head)
        {
            return null;
        }

        var document = await catalogue.FindAsync(bucket, key, head.ContentLength, cancellationToken);
        var own = head.Metadata[CatalogueDocument.Sha256Metadata] ?? document?.Sha256;
        var checksum = own is not null
            ? new RawChecksum(RawChecksum.Sha256, own)
            : await bucket.GetAttributesAsync(objectKey, cancellationToken) is { } attributes ? ObjectChecksum.Of(attributes) : null;
        return File(scope, key, head.ContentLength, checksum ?? ObjectChecksum.OfTag(head), document, ObjectState.ClassOf(head));
    }

    private static RawFile File(Scope scope, RawFileKey key, long bytes, RawChecksum? checksum, CatalogueDocument? document, string storageClass)
    {
        // A depot whose name is too long for a folder's is told by the catalogue, or by the scope that names it.
        var depot = document?.Depot ?? scope.Depots?.FirstOrDefault(name => RawFileKey.FolderOf(name) == key.Folder) ?? key.Depot;
        return new RawFile(key.ToString(), key.Kind, depot, key.Hour, bytes, false, checksum, document?.Content, storageClass);
    }

    private static async Task<RawFileState?> StateAsync(S3Bucket bucket, RawFileKey key, CancellationToken cancellationToken)
    {
        var objectKey = bucket.Place.Prefix + key;
        var storageClass = "";
        try
        {
            if (await bucket.HeadAsync(objectKey, cancellationToken) is not { } head)
            {
                return await S3Catalogue.KnowsAsync(bucket, key, cancellationToken) ? ObjectState.Gone() : null;
            }

            var state = ObjectState.Of(head);
            storageClass = state.StorageClass;
            if (state.Availability == RawFileAvailability.Available && ObjectState.IsKeyed(head))
            {
                await bucket.TryReadAsync(objectKey, cancellationToken);
            }

            return state;
        }
        catch (S3RefusedException refused)
        {
            return ObjectState.Denied(refused, storageClass);
        }
    }

    private async Task<RawFileState?> RestoreAsync(S3Bucket bucket, RawFileKey key, RestoreSpeed speed, CancellationToken cancellationToken)
    {
        var state = await StateAsync(bucket, key, cancellationToken);
        if (state?.Availability != RawFileAvailability.Archived)
        {
            return state;
        }

        var request = new RestoreObjectRequest { Key = bucket.Place.Prefix + key, RetrievalTier = GlacierJobTier.FindValue(speed.ToString()) };
        try
        {
            if (await bucket.HeadAsync(request.Key, cancellationToken) is { } head && !ObjectState.IsTiered(head))
            {
                request.Days = _options.RestoreDays;
            }

            await bucket.RestoreAsync(request, cancellationToken);
        }
        catch (S3RefusedException e) when (e.Code == "RestoreAlreadyInProgress")
        {
            // Asked for by somebody else in between: as good.
        }
        catch (S3RefusedException e)
        {
            return state with { Reason = $"S3 does not restore it ({(int)e.Status} {e.Code}: {e.Said}).{(e.Status == System.Net.HttpStatusCode.Forbidden ? " The portal's role needs s3:RestoreObject." : "")}" };
        }

        return ObjectState.Restoring(state.StorageClass);
    }

    private static async Task<RawFile?> WithWordsAsync(Func<Task<S3Answer<RawFile?>>> ask)
    {
        try
        {
            return (await ask()).Value;
        }
        catch (S3RefusedException e)
        {
            throw new StoreUnavailableException(Store, $"{e.Message} The portal's role needs s3:GetObject, s3:GetObjectAttributes and s3:ListBucket on the bucket.", e);
        }
    }
}
