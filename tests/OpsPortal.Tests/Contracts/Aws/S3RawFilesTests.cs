using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Contracts.Aws;

[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class S3RawFilesTests(SwiftPeer swift) : RawFilesContract, IAsyncLifetime
{
    private S3Rig _rig = null!;
    private AwsRig _process = null!;

    protected override IRawFiles Files => S3Rig.FilesOf(_process);

    public async Task InitializeAsync() => _process = (_rig = await S3Rig.StartAsync(swift)).Open();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private protected override async Task WriteAsync(Action<RawSeed> add)
    {
        using var seed = new RawSeed(_rig.Files, TimeProvider.System);
        add(seed);
        await seed.WriteAsync();
        await S3Rig.CopyAllAsync(_process);
    }

    protected override Task RemoveBytesAsync(string key) => swift.Client.DeleteObjectAsync(_rig.Bucket, $"fleet/{key}");
}
