using Amazon.S3;
using Amazon.S3.Model;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.S3;

/// <summary>The server that the contract of S3 is run on: the environment's (<see cref="Elsewhere"/>), and then nothing is started here; else Swift.</summary>
public sealed class ContractS3 : IAsyncLifetime
{
    private readonly Elsewhere? _elsewhere = Elsewhere.Of(AwsService.S3);
    private SwiftPeer? _swift;

    /// <summary>A client of the AWS SDK alone, with nothing of the product.</summary>
    public AmazonS3Client Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (_elsewhere is not null)
        {
            Client = SwiftPeer.ClientOf(_elsewhere.Address, _elsewhere.Keys, _elsewhere.Region);
            return;
        }

        _swift = new SwiftPeer();
        await _swift.InitializeAsync();
        Client = _swift.Client;
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        await (_swift?.DisposeAsync() ?? Task.CompletedTask);
    }

    /// <summary>A bucket of the test's own.</summary>
    internal async Task<S3Rig> OpenAsync() => _swift is not null ? await S3Rig.StartAsync(_swift) : S3Rig.At(_elsewhere!, await SwiftPeer.MakeBucketAsync(Client, _elsewhere!.Region));

    /// <summary>Leaves nothing behind on a server that stays.</summary>
    internal async Task CloseAsync(S3Rig rig)
    {
        await rig.DisposeAsync();
        if (_swift is not null)
        {
            return;
        }

        while ((await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = rig.Bucket })).S3Objects is { Count: > 0 } left)
        {
            foreach (var found in left)
            {
                await Client.DeleteObjectAsync(rig.Bucket, found.Key);
            }
        }

        await Client.DeleteBucketAsync(rig.Bucket);
    }
}
