using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3.Keys;

/// <summary>Data-protection keys as objects of a bucket, encrypted by S3 with a key of KMS.</summary>
internal sealed class S3SharedKeys : ISharedKeys, IDisposable
{
    private const string Store = "key";
    private const int Most = 1_000;

    private readonly S3KeysOptions _options;
    private readonly S3Client _client;
    private readonly S3Bucket _bucket;

    public S3SharedKeys(AwsPlaces places, AwsHttp http, IOptions<S3KeysOptions> options)
    {
        _options = options.Value;
        var way = new S3Options { Bucket = _options.Bucket, Prefix = _options.Prefix, Endpoint = _options.Endpoint, Region = _options.Region, ForcePathStyle = _options.ForcePathStyle, CaFile = _options.CaFile };
        var place = S3Place.Home(way, places);
        _client = new S3Client(place, way, http, static _ => { });
        _bucket = new S3Bucket(place, _client);
        Name = $"the bucket {place.Name}";
    }

    public string Name { get; }

    public Task<IReadOnlyList<string>> FindAllAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<string>>(async () =>
        {
            var found = await _bucket.ListAsync(_options.Prefix, null, null, null, Most, cancellationToken);
            var texts = new List<string>();
            foreach (var entry in found.Objects.Where(entry => entry.Key.EndsWith(".xml", StringComparison.Ordinal)))
            {
                // One that is gone by now was taken back by an administrator.
                if (await _bucket.ReadAsync(entry.Key, cancellationToken) is { } bytes)
                {
                    texts.Add(Encoding.UTF8.GetString(bytes));
                }
            }

            return texts;
        });

    public Task KeepAsync(string name, string text, CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
            var request = new PutObjectRequest { Key = $"{_options.Prefix}{name}.xml", InputStream = body, ContentType = "application/xml", UseChunkEncoding = false, AutoCloseStream = false };
            if (_options.KmsKeyId is { } key)
            {
                (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, key);
            }

            await _bucket.PutAsync(request, cancellationToken);
            return true;
        });

    public void Dispose() => _client.Dispose();

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is S3AwayException or S3RefusedException)
        {
            throw new StoreUnavailableException(Store, e.Message, e);
        }
    }
}
