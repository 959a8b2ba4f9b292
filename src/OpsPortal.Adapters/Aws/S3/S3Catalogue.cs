using System.Collections.Concurrent;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>What the bucket's documents say of files. Files never change, so what was read is remembered: lists are looked through again and again.</summary>
internal sealed class S3Catalogue
{
    // Some 30 MB; the names of trains are what takes room.
    private const int MostTrains = 200_000;

    private readonly ConcurrentDictionary<(string Bucket, string Key), CatalogueDocument> _known = new();
    private int _trains;

    /// <summary>The document of a file; null when there is none, or when it tells of other bytes: then another file was there before.</summary>
    public async Task<CatalogueDocument?> FindAsync(S3Bucket bucket, RawFileKey key, long bytes, CancellationToken cancellationToken)
    {
        var place = (bucket.Place.Name, key.ToString());
        if (_known.TryGetValue(place, out var known) && known.Bytes == bytes)
        {
            return known;
        }

        if (await ReadAsync(bucket, key, cancellationToken) is not { } document || document.Bytes != bytes || RawFileKey.FolderOf(document.Depot) != key.Folder)
        {
            return null;
        }

        Remember(place, document);
        return document;
    }

    /// <summary>Whether it ever told of the file.</summary>
    public static async Task<bool> KnowsAsync(S3Bucket bucket, RawFileKey key, CancellationToken cancellationToken) => await ReadAsync(bucket, key, cancellationToken) is not null;

    private static async Task<CatalogueDocument?> ReadAsync(S3Bucket bucket, RawFileKey key, CancellationToken cancellationToken) =>
        await bucket.ReadAsync(CatalogueDocument.KeyOf(bucket.Place.Prefix, key.ToString()), cancellationToken) is { } read ? CatalogueDocument.Read(read) : null;

    private void Remember((string Bucket, string Key) place, CatalogueDocument document)
    {
        if (Interlocked.Add(ref _trains, document.Content.Trains.Count + 1) > MostTrains)
        {
            _known.Clear();
            Interlocked.Exchange(ref _trains, 0);
        }

        _known[place] = document;
    }
}
