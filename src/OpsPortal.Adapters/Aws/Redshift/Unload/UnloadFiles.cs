using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>The files that Redshift has written, on the portal's side: read, linked to, removed. Nothing but folders of the form that <see cref="UnloadPlace"/> has is ever removed.</summary>
internal sealed class UnloadFiles : IDisposable
{
    private const string Store = "unloaded file";
    private const string ParquetType = "application/vnd.apache.parquet";
    private const int Page = 1_000;

    private readonly UnloadOptions _options;
    private readonly S3Client _client;
    private readonly S3Bucket _bucket;
    private readonly S3Links _links;
    private readonly TimeProvider _time;

    public UnloadFiles(AwsPlaces places, AwsHttp http, KeyRing keys, TimeProvider time, IOptions<UnloadOptions> options)
    {
        (_options, _time) = (options.Value, time);
        var way = new S3Options { Bucket = _options.Bucket, Prefix = _options.Prefix, Endpoint = _options.Endpoint, LinkEndpoint = _options.LinkEndpoint, Region = _options.Region, ForcePathStyle = _options.ForcePathStyle, CaFile = _options.CaFile, LinkFor = _options.LinkFor };
        var (place, clock) = (S3Place.Home(way, places), new S3Clock(time));
        _client = new S3Client(place, way, http, clock.Note);
        _bucket = new S3Bucket(place, _client);
        _links = new S3Links(keys, clock, time, Options.Create(way));
    }

    /// <summary>The key that a place's files begin with.</summary>
    public string FolderOf(UnloadPlace place) => $"{_options.Prefix}{place.Name}/";

    public Task<byte[]?> ReadAsync(UnloadPlace place, string name, CancellationToken cancellationToken) => AskAsync(() => _bucket.ReadAsync(FolderOf(place) + name, cancellationToken));

    public Task<RawFileWay.Presigned?> LinkAsync(UnloadPlace place, string name, CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            var key = FolderOf(place) + name;
            return _time.GetUtcNow() < place.Until && await _bucket.HeadAsync(key, cancellationToken) is not null
                ? await _links.MakeAsync(_bucket.Place, key, $"{place.Id[..6]}-{name}", ParquetType, place.Until, cancellationToken)
                : null;
        });

    /// <summary>Removes what is in a place, and says what stays.</summary>
    public async Task<UnloadRemoval> RemoveAsync(UnloadPlace place, CancellationToken cancellationToken)
    {
        var removed = 0;
        try
        {
            // The first page again until there is nothing: what is listed goes.
            for (var page = await ListAsync(FolderOf(place), null, null, cancellationToken); page.Objects.Count > 0; page = await ListAsync(FolderOf(place), null, null, cancellationToken))
            {
                foreach (var entry in page.Objects)
                {
                    await _bucket.DeleteAsync(entry.Key, cancellationToken);
                    removed++;
                }
            }

            return new UnloadRemoval(place.Name, removed, null);
        }
        catch (Exception e) when (IsOfS3(e))
        {
            return new UnloadRemoval(place.Name, removed, InWords(e));
        }
    }

    public async Task<IReadOnlyList<UnloadRemoval>> RemoveEndedAsync(CancellationToken cancellationToken)
    {
        var removals = new List<UnloadRemoval>();
        try
        {
            for (string? next = ""; next is not null;)
            {
                var page = await ListAsync(_options.Prefix, "/", next.Length == 0 ? null : next, cancellationToken);
                foreach (var folder in page.Folders)
                {
                    if (UnloadPlace.Read(folder[_options.Prefix.Length..].TrimEnd('/')) is { } place && place.Until <= _time.GetUtcNow())
                    {
                        removals.Add(await RemoveAsync(place, cancellationToken));
                    }
                }

                next = page.Next;
            }
        }
        catch (Exception e) when (IsOfS3(e))
        {
            removals.Add(new UnloadRemoval(_options.Prefix, 0, InWords(e)));
        }

        return removals;
    }

    public void Dispose() => _client.Dispose();

    private Task<S3Listing> ListAsync(string prefix, string? delimiter, string? next, CancellationToken cancellationToken) => _bucket.ListAsync(prefix, null, delimiter, next, Page, cancellationToken);

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is S3AwayException or S3RefusedException)
        {
            throw new StoreUnavailableException(Store, InWords(e), e);
        }
    }

    private static bool IsOfS3(Exception e) => e is S3AwayException or S3RefusedException or StoreUnavailableException;

    private static string InWords(Exception e) => e switch
    {
        S3RefusedException => $"{e.Message} The portal's role needs s3:ListBucket, s3:GetObject and s3:DeleteObject there.",
        StoreUnavailableException unavailable => unavailable.Problem,
        _ => e.Message,
    };
}
